// Reads references with citation.js: {kind: text} on standard input, {kind: [CSL-JSON]} out of it.
const { Cite } = require("@citation-js/core");
require("@citation-js/plugin-bibtex");
require("@citation-js/plugin-ris");

const files = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const read = Object.entries(files).map(([kind, text]) => [kind, new Cite(text).data]);
process.stdout.write(JSON.stringify(Object.fromEntries(read)));
