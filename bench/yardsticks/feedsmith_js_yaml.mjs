// What a short script of one's own does in Node.js: feedsmith, js-yaml, and nothing checked.
//
// Usage: node feedsmith_js_yaml.mjs EPISODES OUTPUT [--without-captions]

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateRssFeed } from 'feedsmith'
import { load } from 'js-yaml'

const SITE = 'https://show.example/'
const [source, output] = process.argv.slice(2)
const withCaptions = !process.argv.includes('--without-captions')

function readEpisode(name) {
  const [, front, ...body] = readFileSync(join(source, name), 'utf8').split('---\n')
  return { ...load(front), slug: name.replace(/\.md$/, ''), body: body.join('---\n') }
}

function item(episode) {
  const { audio, slug } = episode
  return {
    title: episode.title,
    link: `${SITE}${slug}.html`,
    guid: { value: Object.values(episode.ids)[0], isPermaLink: false },
    pubDate: new Date(episode.dateadded),
    description: episode.intro ?? episode.description ?? '',
    content: { encoded: episode.body },
    enclosures: [{ url: audio.url, length: Number(audio.length), type: audio.type }],
    itunes: { duration: Number(audio.duration), season: Number(episode.season), episode: Number(episode.episode) },
    podcast: {
      chapters: { url: `${SITE}chapters/${slug}.json`, type: 'application/json+chapters' },
      transcripts: withCaptions ? [{ url: `${SITE}transcripts/${slug}.vtt`, type: 'text/vtt' }] : [],
    },
  }
}

function chapters(clips) {
  const entries = clips.map((clip) => ({ startTime: clip.startOffset, title: clip.name, url: clip.url }))
  return JSON.stringify({ version: '1.2.0', chapters: entries }, null, 2)
}

function stamp(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return `${[hours, minutes, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')}.000`
}

function captions(transcript) {
  const lines = transcript.filter((entry) => 'line' in entry && 'sec' in entry)
  const srt = []
  const vtt = ['WEBVTT\n']
  lines.forEach((entry, index) => {
    const start = stamp(entry.sec)
    const end = stamp(index + 1 < lines.length ? lines[index + 1].sec : entry.sec + 5)
    const text = String(entry.line).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    srt.push(`${index + 1}\n${start.replace('.', ',')} --> ${end.replace('.', ',')}\n${entry.line}\n`)
    vtt.push(`${start} --> ${end}\n<v ${entry.who}>${text}\n`)
  })
  return [srt.join('\n'), vtt.join('\n')]
}

const names = readdirSync(source).filter((name) => name.endsWith('.md'))
const episodes = names.map(readEpisode).sort((one, other) => new Date(other.dateadded) - new Date(one.dateadded))
for (const folder of ['chapters', 'transcripts']) mkdirSync(join(output, folder), { recursive: true })
for (const { slug, quotableClips, transcript } of episodes) {
  if (quotableClips) writeFileSync(join(output, 'chapters', `${slug}.json`), chapters(quotableClips))
  if (withCaptions && transcript) {
    const [srt, vtt] = captions(transcript)
    writeFileSync(join(output, 'transcripts', `${slug}.srt`), srt)
    writeFileSync(join(output, 'transcripts', `${slug}.vtt`), vtt)
  }
}
const feed = { title: 'A Show', link: SITE, description: 'What it is about.', language: 'en', items: episodes.map(item) }
writeFileSync(join(output, 'feed.xml'), generateRssFeed(feed))
