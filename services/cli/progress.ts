/** Shows how far a long work is, on standard error, so that output stays clean: a bar or a count on a terminal, a line every tenth elsewhere. */

export type Progress = Readonly<{ advance(by: number): void; end(): void }>;

const WIDTH = 30;
const REDRAW_MILLISECONDS = 100;

/** `total` of 0 counts as done; `inWords` gives an amount its unit. */
export function showProgress(
  what: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
  inWords: (amount: number) => string = String,
): Progress {
  const started = performance.now();
  let done = 0;
  let drawnAt = 0;
  let tenth = 0;

  return {
    advance(by) {
      done += by;
      const now = performance.now();
      if (stream.isTTY) {
        if (now - drawnAt < REDRAW_MILLISECONDS && done < total) return;
        drawnAt = now;
        stream.write(`\r${line()}`);
      } else if (Math.floor(share() * 10) > tenth) {
        tenth = Math.floor(share() * 10);
        stream.write(`${line()}\n`);
      }
    },
    end() {
      if (stream.isTTY) stream.write('\n');
    },
  };

  function share(): number {
    return total === 0 ? 1 : Math.min(1, done / total);
  }

  function line(): string {
    const seconds = (performance.now() - started) / 1000;
    const perSecond = Math.round(done / Math.max(seconds, 0.001));
    const left = perSecond > 0 ? Math.ceil((total - done) / perSecond) : 0;
    const bar = '#'.repeat(Math.round(share() * WIDTH)).padEnd(WIDTH, '.');
    return `${what} [${bar}] ${Math.floor(share() * 100)} % of ${inWords(total)}, ${inWords(perSecond)}/s, ${left} s left   `;
  }
}

/** The same where nobody knows how much there is: a count, on a terminal alone. */
export function showCount(what: string, stream: NodeJS.WriteStream = process.stderr) {
  return {
    at: (count: number): void => void (stream.isTTY && stream.write(`\r${count} ${what}`)),
    end: (): void => void (stream.isTTY && stream.write('\n')),
  };
}

/** What is being done, in words: each in the place of the one before on a terminal, a line each time it changes elsewhere. */
export function showStep(stream: NodeJS.WriteStream = process.stderr) {
  let last = '';
  return {
    at: (words: string): void => {
      if (words !== last) stream.write(stream.isTTY ? `\r${words.padEnd(last.length)}` : `${words}\n`);
      last = words;
    },
    end: (): void => void (stream.isTTY && stream.write('\n')),
  };
}
