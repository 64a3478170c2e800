/** What the mail says: subject, text and HTML. The subject never shows the code; there is no link and no picture. */
import { html, raw } from 'hono/html';

export type MessageFacts = Readonly<{ code: string; purpose: string; minutes: number; sender: string }>;

export type Message = Readonly<{ subject: string; text: string; html: string }>;

const sans = `font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif`;
const cardStyle = 'max-width:480px;background:#ffffff;border-radius:12px';

/** Composes the message. `purpose` is shown as the application named it; everything is escaped. */
export function composeMessage({ code, purpose, minutes, sender }: MessageFacts): Message {
  const subject = `Your ${sender} verification code`;
  const life = `It is valid for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} and can be used once.`;
  const why =
    purpose === 'verification' ? `to confirm this email address` : `to confirm this email address (${purpose})`;
  const asked = `Someone, hopefully you, asked ${sender} ${why}.`;
  const ignore =
    'If it was not you, ignore this mail: without the code nothing happens. Never share the code with anyone.';
  const text = [`${code} is your ${sender} verification code.`, life, '', asked, ignore, ''].join('\n');
  const body = html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>${raw(darkStyle)}</style>
</head>
<body style="margin:0;padding:0;background:#f4f5f7">
<div style="display:none;max-height:0;overflow:hidden">${code} is your code. ${life}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="${raw(cardStyle)}">
<tr><td class="ink" style="padding:32px;color:#1c2330;font-size:16px;line-height:1.5;${raw(sans)}">
<p style="margin:0 0 8px">Your ${sender} verification code:</p>
<p class="code" style="margin:0 0 16px;font-size:36px;font-weight:700;letter-spacing:6px">${code}</p>
<p style="margin:0 0 24px">${life}</p>
<p class="soft" style="margin:0;color:#5b6472;font-size:14px">${asked} ${ignore}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>`;
  return { subject, text, html: body.toString() };
}

const darkStyle = `@media (prefers-color-scheme: dark) {
.page, body { background: #14171c !important; }
.card { background: #1f242c !important; }
.ink { color: #f2f4f7 !important; }
.soft { color: #a5aebb !important; }
}`;
