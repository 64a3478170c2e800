-- Which shape a snapshot has (STATE_VERSION in services/core/state.ts): a program that keeps another one folds the events anew.
alter table streams add column state_version integer not null default 1;
