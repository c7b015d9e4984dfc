import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { TrustError } from '../../../src/client/index.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { assertNew, codeOf } from '../files.ts'
import { lines } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'
import { progress } from '../progress.ts'

interface ExportFlags extends ServiceFlags {
  readonly issuer: string
  readonly out: string
}

export function addArchive(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'export',
      'Write all that an issuer owns into a file: credentials, lists, schemas, audit records; no private key.',
      'lso export --issuer registrar --out registrar.ndjson',
    ),
  )
    .requiredOption('--issuer <id>', 'the issuer that the token is of')
    .requiredOption('--out <file>', 'where it goes; must not exist')
    .action((flags: ExportFlags) => told(flags, () => exported(flags)))
  asksTheService(
    addCommand(
      program,
      'import <file>',
      'Take in what lso export wrote at another deployment. Needs the admin token.',
      'lso import registrar.ndjson',
    ),
  ).action((file: string, flags: ServiceFlags) => told(flags, () => imported(file, flags)))
}

async function exported(flags: ExportFlags): Promise<Outcome> {
  const { issuer, out } = flags
  assertNew(out)
  const stream = await clientOf(flags).issuer(issuer).export()
  const counted = counting(flags)
  // Under its own name once it is whole.
  const part = `${out}.part`
  try {
    await pipeline(stream, counted.stream, createWriteStream(part, { mode: 0o600 }))
  } catch (cause) {
    rmSync(part, { force: true })
    const ours = cause instanceof Error && 'syscall' in cause
    throw ours
      ? new UsageError(`${out} cannot be written: ${codeOf(cause)}`)
      : new TrustError('service_unreachable', { cause })
  }
  counted.end()
  renameSync(part, out)
  const bytes = statSync(out).size
  return { answer: 'yes', text: lines({ Written: out, Bytes: bytes }), json: { file: out, bytes } }
}

async function imported(file: string, flags: ServiceFlags): Promise<Outcome> {
  const trust = clientOf(flags)
  if (!existsSync(file)) throw new UsageError(`${file} cannot be read: ENOENT`)
  const counted = counting(flags)
  const source = createReadStream(file).on('error', (cause) => {
    counted.stream.destroy(new UsageError(`${file} cannot be read: ${codeOf(cause)}`))
  })
  const body = Readable.toWeb(source.pipe(counted.stream)) as ReadableStream<Uint8Array>
  const taken = await trust.admin.importIssuer(body)
  counted.end()
  const { id, did, token, credentials, statusLists } = taken
  return {
    answer: 'yes',
    text: lines({
      Issuer: id,
      DID: did,
      Credentials: credentials,
      'Status lists': statusLists,
      'Token (shown once)': token,
    }),
    json: taken,
  }
}

/** A stream that passes everything on and tells how much it was. */
function counting({ quiet }: ServiceFlags) {
  const bar = progress(quiet === true)
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      bar.at(`${(bytes / 1024 / 1024).toFixed(1)} MiB`)
      done(null, chunk)
    },
  })
  return {
    stream,
    end: () => {
      bar.end()
    },
  }
}
