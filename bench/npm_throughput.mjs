// Parses every document of a folder with a parser from npm, as its own documentation tells; none of them cleans HTML:
//     node npm_throughput.mjs PARSER FOLDER SECONDS NODE_MODULES
// Prints what bench_throughput prints. Parsers that take a string get one that was decoded as UTF-8 before the time counts.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const WARM_UP_SECONDS = 2;
const [parser, folder, seconds, nodeModules] = process.argv.slice(2);
const path = createRequire(join(resolve(nodeModules), "/")).resolve(parser);
const library = await import(pathToFileURL(path));

// feedparser is a stream: bytes in, items out.
function readStream(FeedParser, bytes) {
    return new Promise((done, fail) => {
        const stream = new FeedParser();
        stream.on("error", fail);
        stream.on("data", () => {});
        stream.on("end", done);
        stream.end(bytes);
    });
}

// Each rejects or throws on a document that it cannot read.
const parsers = {
    "rss-parser": () => {
        const reader = new library.default();
        return ({ text }) => reader.parseString(text);
    },
    feedparser: () => ({ bytes }) => readStream(library.default, bytes),
    // Its feed reads the tree only when asked: toJSON asks for everything.
    "@rowanmanning/feed-parser": () => ({ text }) => library.parseFeed(text).toJSON(),
    feedsmith: () => ({ text }) => library.parseFeed(text),
    htmlparser2: () => ({ text }) => {
        if (!library.parseFeed(text)) throw new Error("no feed");
    },
};
const parse = parsers[parser]();

const documents = readdirSync(folder).sort().map((name) => join(folder, name)).filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file)).map((bytes) => ({ bytes, text: bytes.toString("utf8") }));

async function parseAll() {
    let failed = 0;
    for (const document of documents) {
        try {
            await parse(document);
        } catch {
            failed += 1;
        }
    }
    return failed;
}

function cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
}

const failed = await parseAll();
while (cpuSeconds() < WARM_UP_SECONDS) await parseAll();

let rounds = 0;
const start = cpuSeconds();
do {
    await parseAll();
    rounds += 1;
} while (cpuSeconds() - start < Number(seconds));
const taken = cpuSeconds() - start;
const bytes = documents.reduce((sum, document) => sum + document.bytes.length, 0);
console.log(bytes, documents.length, failed, rounds, taken.toFixed(6));
