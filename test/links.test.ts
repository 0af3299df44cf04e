// Every link of a document to a file leads to one, and every anchor to a heading.
import { existsSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pages } from './documents.js'
import { read, root } from './example.js'
import { projectFiles } from './house/sources.js'

const test = suite('links')
const documents = projectFiles().filter((file) => file.endsWith('.md'))

test('every link to a file leads to one', () => {
  const links = documents.flatMap(linksOf)
  assert.ok(links.length > 100, `${links.length} links`)
  assert.equal(told(links.filter(({ path }) => !existsSync(join(root, path)))), [])
})

test('every anchor is a heading of the file it is in', () => {
  const links = documents.flatMap(linksOf).filter(({ anchor }) => anchor !== undefined)
  assert.ok(links.length > 20, `${links.length} anchors`)
  assert.equal(told(links.filter(({ path, anchor }) => !anchors(read(path)).includes(anchor!))), [])
})

test('anchors are what GitHub makes of headings, not of comments in code', () => {
  const text = '# `show` and I(X;T)\n\n```sh\n# no heading\n```\n\n## 2.1 A_b, c-d\n\n## 2.1 A_b, c-d\n'
  assert.equal(anchors(text), ['show-and-ixt', '21-a_b-c-d', '21-a_b-c-d-1'])
})

test('the README lists every page of docs/', () => {
  const listed = linksOf('README.md').map(({ path }) => path)
  assert.equal(
    pages.filter((page) => !listed.includes(page)),
    [],
  )
})

test.run()

interface Link {
  from: string
  link: string
  path: string
  anchor?: string
}

/** Links to files of the repository, with the paths from its root. */
function linksOf(from: string): Link[] {
  const links = [...withoutCode(read(from)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1])
  return links
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [file, anchor] = link.split('#')
      return { from, link, path: file === '' ? from : posix.join(dirname(from), file), anchor }
    })
}

function anchors(text: string): string[] {
  const headings = [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map((match) => match[1])
  const plain = headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return plain.map((one, i) => {
    const before = plain.slice(0, i).filter((other) => other === one).length
    return before === 0 ? one : `${one}-${before}`
  })
}

function withoutCode(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, '')
}

function told(links: Link[]): string[] {
  return links.map(({ from, link }) => `${from}: ${link}`)
}
