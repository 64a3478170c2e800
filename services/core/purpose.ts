/** What a code is for, as a client may name it. No dots or slashes: it stands in the mail, where mail programs would make a link of a domain. */
export const PURPOSE = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;

export const DEFAULT_PURPOSE = 'verification';
