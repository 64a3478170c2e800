/** Which origins a setting may name: of pages, of apps, of any name below a domain; whatever else is told at the start. */
import { describe, expect, test } from 'vitest';
import { corsSettings } from '../../services/config/cors.ts';

const isTaken = (origin: string): boolean => corsSettings.CORS_ORIGIN.schema.safeParse(origin).success;

describe('an origin', () => {
  test.each([
    'https://app.example.com',
    'http://localhost:5173',
    'http://[::1]:3000',
    'http://tauri.localhost',
    'https://*.example.com',
    'https://*.example.com:8443',
    'http://*.localhost:3000',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://.',
    'app://obsidian.md',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'https://app.example.com,capacitor://localhost, https://*.example.com',
    '*',
  ])('%s is taken', (origin) => expect(isTaken(origin)).toBe(true));

  test.each([
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com:443',
    'https://App.example.com',
    'app.example.com',
    'https://user@app.example.com',
    'https://*.com',
    'https://*',
    'https://*.*.example.com',
    'https://app*.example.com',
    'https://app.*.example.com',
    '*.example.com',
    'capacitor://localhost/',
    'capacitor:',
    'capacitor://',
    'Capacitor://localhost',
    'file://',
    'file://localhost',
    'null',
    'https://app.example.com,,https://b.example.com',
  ])('%s is refused', (origin) => expect(isTaken(origin)).toBe(false));
});
