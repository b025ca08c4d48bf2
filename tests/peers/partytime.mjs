// Print a feed as podcast-partytime, the parser of Podcast Index, sees it: node partytime.mjs FEED
import { readFileSync } from "node:fs";
import { parseFeed } from "podcast-partytime";

console.log(JSON.stringify(parseFeed(readFileSync(process.argv[2], "utf8"))));
