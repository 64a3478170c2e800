/** The colours of the drawings. */

export const COLOURS: Readonly<Record<string, string>> = {
  green: '#73bf69',
  red: '#f2495c',
  orange: '#ff9830',
  yellow: '#fade2a',
  blue: '#5794f2',
  purple: '#b877d9',
  transparent: 'none',
  text: '#ccccdc',
  gray: '#808080',
};

const LINES = [
  '#73bf69',
  '#f2cc0c',
  '#8ab8ff',
  '#ff780a',
  '#f2495c',
  '#5794f2',
  '#b877d9',
  '#96d98d',
  '#ffb357',
  '#705da0',
  '#37872d',
  '#fade2a',
  '#447ebc',
  '#c15c17',
];

export const lineColour = (n: number): string => LINES[n % LINES.length] ?? '#ccc';
