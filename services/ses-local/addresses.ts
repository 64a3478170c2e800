/** Reads mail addresses the way SES does: one a parameter, plausible or refused. */
import { addressParser } from 'postal-mime';
import { invalidParameter } from './answers.ts';

const PLAIN = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
// oxlint-disable-next-line no-control-regex -- control characters are the point
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The bare address of `a@example.com` or `Name <a@example.com>`. Throws SesError InvalidParameterValue for none, several or
 * an implausible one. Source: "SendEmail" (UserName@[SubDomain.]Domain.TopLevelDomain, the whole mail refused if one is bad).
 */
export function readAddress(text: string): string {
  const found = PLAIN.test(text) ? [text] : addressesOf(text);
  const [address] = found;
  if (CONTROL.test(text) || found.length > 1) throw invalidParameter('Illegal address');
  const fault = address === undefined ? "Missing final '@domain'" : faultOf(address);
  if (address === undefined || fault !== undefined) throw invalidParameter(fault ?? 'Illegal address');
  return address;
}

/** Every address of a header such as To, groups unwrapped. Throws as `readAddress`. */
export function readAddresses(headerValue: string): string[] {
  return addressesOf(headerValue).map(readAddress);
}

const addressesOf = (text: string): string[] =>
  addressParser(text, { flatten: true }).map((found) => ('address' in found && found.address ? found.address : text));

function faultOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at < 0 || domain === '') return "Missing final '@domain'";
  if (local === '') return 'Missing local name';
  if (local.length > 64 || domain.length > 255) return 'Address length is more than 320 characters long';
  if (/[\s<>()[\],;:\\"@]/.test(local)) return 'Local address contains control or whitespace';
  if (/[^\u0021-\u007e]/.test(local)) return 'Local address contains non-ASCII characters';
  if (domain.includes('..')) return 'Domain contains dot-dot';
  if (domain.startsWith('.')) return 'Domain starts with dot';
  if (domain.endsWith('.')) return 'Domain ends with dot';
  if (!/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(domain)) return 'Domain contains illegal character';
  return undefined;
}
