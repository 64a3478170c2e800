// Refuses a Node that cannot run Sealpost, in one plain sentence. Plain JavaScript, so that the old Node can read it.
const [major] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(
    `Sealpost runs on Node 24 and this is ${process.version}. npm brings the right one: run "npm ci" (without ` +
      `--ignore-scripts), then "npm start" or "npm test".\n`,
  );
  process.exit(1);
}
