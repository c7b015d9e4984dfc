import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './project.ts'

/** Prints the ten largest files of src, in lines of code: information, not a limit. */
const sizes = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, lines: codeLines(readFileSync(join(PROJECT, 'src', file), 'utf8')) }))
  .sort((a, b) => b.lines - a.lines)

const at = (share: number): string => String(sizes[Math.floor(sizes.length * share)]?.lines ?? 0)
process.stdout.write(
  [
    `${sizes.length} files, code lines: median ${at(0.5)}, p90 ${at(0.1)}`,
    ...sizes.slice(0, 10).map(({ file, lines }) => `${String(lines).padStart(5)}  src/${file}`),
    '',
  ].join('\n'),
)

/** Lines that hold more than a comment. */
function codeLines(source: string): number {
  const code = source.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return code.split('\n').filter((line) => line.trim() !== '').length
}
