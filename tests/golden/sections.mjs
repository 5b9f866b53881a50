// What citeproc-js makes of items: standard input holds {module, styles, locales, items}, standard output one object of
// formatted texts for each item. Called by sections.py.
import {readFileSync} from "node:fs"
import {createRequire} from "node:module"

const {module, styles, locales, items} = JSON.parse(readFileSync(0, "utf8"))
const CSL = createRequire(import.meta.url)(module)
const made = items.map(() => ({}))
for (const [name, {file, entry}] of Object.entries(styles)) {
  const system = {
    retrieveLocale: language => readFileSync(locales[language] ?? locales["en-US"], "utf8"),
    // Ids of our own, because two cases may be of one section.
    retrieveItem: id => ({...items[id], id}),
  }
  const engine = new CSL.Engine(system, readFileSync(file, "utf8"))
  items.forEach((_, place) => {
    // One item at a time, so that none is abbreviated because of another.
    engine.updateItems([String(place)])
    const cluster = {citationItems: [{id: String(place)}], properties: {noteIndex: 1}}
    made[place][name] = entry
      ? engine.makeBibliography()[1].join("")
      : engine.previewCitationCluster(cluster, [], [], "html")
  })
}
process.stdout.write(JSON.stringify(made))
