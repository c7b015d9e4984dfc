import { appendFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import type { JsonObject, NewCredential } from '../../../src/client/index.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { assertNew, isObject, jsonObjectIn, readText, writeNew } from '../files.ts'
import { lines } from '../lines.ts'
import { progress } from '../progress.ts'
import { compactJwt } from '../secured.ts'
import type { Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly issuer: string
  readonly format?: 'vc+jwt' | 'jwt_vc'
  readonly suspendable?: boolean
  readonly batch?: boolean
  readonly out?: string
  readonly idempotencyKey?: string
}

export function addIssue(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'issue <file>',
      'Issue a credential from a JSON file (- for standard input), or one for each line of it.',
      `lso issue legal-entity.json --issuer registrar --out buyer.vc.jwt
lso issue companies.ndjson --batch --issuer registrar --out issued.ndjson`,
    ),
  )
    .requiredOption('--issuer <id>', 'the issuer that the token is of')
    .option('--out <file>', 'where the credential goes; must not exist')
    .addOption(new Option('--format <format>', 'how it is secured').choices(['vc+jwt', 'jwt_vc']))
    .option('--suspendable', 'give it an entry for suspension beside that for revocation')
    .option('--batch', 'the file has a credential on each line (NDJSON)')
    .option(
      '--idempotency-key <key>',
      'run again with the same key and file, it issues nothing twice',
    )
    .action((file: string, flags: Flags) =>
      told(flags, () => (flags.batch === true ? issueMany(file, flags) : issueOne(file, flags))),
    )
}

async function issueOne(file: string, flags: Flags): Promise<Outcome> {
  const { out, idempotencyKey } = flags
  if (out !== undefined) assertNew(out)
  const wanted = draft(jsonObjectIn(readText(file), file), flags)
  const issued = await clientOf(flags)
    .issuer(flags.issuer)
    .issue(wanted, idempotencyKey === undefined ? {} : { idempotencyKey })
  const { verifiableCredential: credential, url } = issued
  const token = compactJwt(credential) ?? JSON.stringify(credential)
  if (out !== undefined) writeNew(out, `${token}\n`, false)
  return {
    answer: 'yes',
    text: lines({ Issued: url, ...(out === undefined ? { Credential: token } : { Written: out }) }),
    json: issued,
  }
}

function draft(credential: Readonly<Record<string, unknown>>, flags: Flags): NewCredential {
  const { format, suspendable } = flags
  return {
    credential: JSON.parse(JSON.stringify(credential)) as JsonObject,
    options: {
      ...(format === undefined ? {} : { format }),
      ...(suspendable === true ? { status: ['revocation', 'suspension'] } : {}),
    },
  }
}

async function issueMany(file: string, flags: Flags): Promise<Outcome> {
  const issuer = clientOf(flags).issuer(flags.issuer)
  const drafts = readText(file)
    .split('\n')
    .map((line, at) => draft(jsonObjectIn(line, `${file}, line ${at + 1}`), flags))
  const [bar, items] = [progress(flags.quiet === true), [] as JsonObject[]]
  let issued = 0
  if (flags.out !== undefined) writeNew(flags.out, '', false)
  for (const [number, chunk] of chunks(drafts).entries()) {
    const { idempotencyKey: key } = flags
    const once = key === undefined ? {} : { idempotencyKey: `${key}.${number}` }
    const report = await issuer.issueBatch(chunk, once)
    items.push(...report.items)
    // At once: what was issued is known even if the next call comes to nothing.
    if (flags.out !== undefined) appendFileSync(flags.out, ndjson(report.items))
    issued += report.issued
    bar.at(`${items.length} of ${drafts.length} credentials`)
  }
  bar.end()
  const refused = items.length - issued
  return {
    answer: refused === 0 ? 'yes' : 'no',
    text: `${lines({ Issued: issued, Refused: refused })}${items.map(problemLine).join('')}`,
    json: { issued, refused, items },
  }
}

const ndjson = (items: readonly JsonObject[]): string =>
  items.map((item) => `${JSON.stringify(item)}\n`).join('')

function problemLine(item: JsonObject, at: number): string {
  const { problem } = item
  return isObject(problem)
    ? lines({ [`Line ${at + 1}`]: problem['errors'] ?? problem['detail'] })
    : ''
}

/** Below what the service takes in one call: 1,000 credentials, 256 KiB. */
const [MOST, MOST_CHARACTERS] = [1_000, 100 * 1024]

function chunks(drafts: readonly NewCredential[]): readonly (readonly NewCredential[])[] {
  const made: NewCredential[][] = []
  let length = Infinity
  for (const one of drafts) {
    const size = JSON.stringify(one).length
    const last = made.at(-1)
    if (last === undefined || last.length === MOST || length + size > MOST_CHARACTERS) {
      made.push([one])
      length = size
    } else {
      last.push(one)
      length += size
    }
  }
  return made
}
