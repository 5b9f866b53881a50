// What two programs make of standard input, as JSON: `node read.mjs citation FOLDER` (citation-js, a list of CSL-JSON
// items) and `node read.mjs page FOLDER` (html-metadata). FOLDER is the node_modules that holds them.
import {createRequire} from "node:module"
import {readFileSync} from "node:fs"
import {resolve} from "node:path"

const [program, folder] = process.argv.slice(2)
const require = createRequire(resolve(folder, "..", "read.mjs"))
const input = readFileSync(0, "utf8")

const readers = {
  citation() {
    const {Cite} = require("@citation-js/core")
    for (const format of ["bibtex", "csl", "ris"]) require(`@citation-js/plugin-${format}`)
    const read = new Cite(input)
    return {
      items: read.format("data", {format: "object"}),
      apa: read.format("bibliography", {format: "text", template: "apa", lang: "en-US"}),
    }
  },
  async page() {
    return require("html-metadata").parseAll(require("cheerio").load(input))
  },
}
process.stdout.write(JSON.stringify(await readers[program]()))
