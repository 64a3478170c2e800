/** Every mutant, room by room. */
import type { Mutant } from './mutant.ts';
import { appendMutants } from './rows/append.ts';
import { stackContainerMutants } from './rows/stack-containers.ts';
import { stackEdgeApiMutants } from './rows/stack-edge-api.ts';
import { stackEdgeMutants } from './rows/stack-edge.ts';
import { stackImageMutants } from './rows/stack-image.ts';
import { stackLiveMutants } from './rows/stack-live.ts';
import { stackMadeSecretMutants } from './rows/stack-made-secrets.ts';
import { stackMonitoringMutants } from './rows/stack-monitoring.ts';
import { stackNetworkMutants } from './rows/stack-networks.ts';
import { stackSecretMutants } from './rows/stack-secrets.ts';
import { stackStartMutants } from './rows/stack-start.ts';
import { stackUpgradeMutants } from './rows/stack-upgrade.ts';

export const mutants: readonly Mutant[] = [
  ...appendMutants,
  ...stackContainerMutants,
  ...stackEdgeApiMutants,
  ...stackEdgeMutants,
  ...stackImageMutants,
  ...stackLiveMutants,
  ...stackMadeSecretMutants,
  ...stackMonitoringMutants,
  ...stackNetworkMutants,
  ...stackSecretMutants,
  ...stackStartMutants,
  ...stackUpgradeMutants,
];
