/** Refuses a Node that cannot run Sealpost, in one plain sentence. Imported first by every entry. */

const [major = 0] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(
    `Sealpost runs on Node 24 and this is ${process.version}: run it by npm ("npm start"), which brings its own.\n`,
  );
  process.exit(1);
}
