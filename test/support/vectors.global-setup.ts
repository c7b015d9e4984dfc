import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

const FOLDER = fileURLToPath(new URL('../../../shared/vectors', import.meta.url))

/** Hands the vectors to `inject('vectors')` of every test, in Node and inside workerd alike. */
export default function provideVectors(project: TestProject): void {
  project.provide('vectors', existsSync(FOLDER) ? readVectors() : null)
}

function readVectors(): Readonly<Record<string, unknown>> {
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    files.map((file) => [relative(FOLDER, file).replaceAll(sep, '/'), read(file)]),
  )
}

function read(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.json') ? JSON.parse(text) : text
}
