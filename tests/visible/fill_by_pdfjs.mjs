// Fills a PDF form as Firefox does, by pdf.js: node fill_by_pdfjs.mjs FOLDER-OF-PDFJS in.pdf values.json out.pdf
// The values: name of a field to its text, or for a box to tick to the name of its state.
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, source, values, target] = process.argv.slice(2);
const { getDocument } = await import(pathToFileURL(`${folder}/legacy/build/pdf.mjs`).href);
const texts = JSON.parse(await readFile(values, "utf8"));
const fonts = `${folder}/standard_fonts/`;
const pdf = await getDocument({ data: new Uint8Array(await readFile(source)), standardFontDataUrl: fonts }).promise;
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  for (const widget of await page.getAnnotations({ intent: "display" })) {
    const wanted = texts[widget.fieldName];
    if (wanted === undefined || widget.subtype !== "Widget") continue;
    if (widget.checkBox) pdf.annotationStorage.setValue(widget.id, { value: wanted === widget.exportValue });
    else if (widget.radioButton) pdf.annotationStorage.setValue(widget.id, { value: wanted === widget.buttonValue });
    else pdf.annotationStorage.setValue(widget.id, { value: wanted });
  }
}
await writeFile(target, await pdf.saveDocument());
await pdf.loadingTask.destroy();
