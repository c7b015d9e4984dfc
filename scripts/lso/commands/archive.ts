import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { TrustError, type IssuerClient, type VerifierClient } from '../../../src/client/index.ts'
import { addCommand, asksTheService, clientOf, told, type ServiceFlags } from '../command.ts'
import { assertNew, codeOf, isObject } from '../files.ts'
import { lines } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'
import { progress } from '../progress.ts'

interface ExportFlags extends ServiceFlags {
  readonly issuer?: string
  readonly verifier?: string
  readonly out: string
}

export function addArchive(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'export',
      'Write all that an issuer or a verifier owns into a file: credentials, clients, decisions, audit records; no private key.',
      `lso export --issuer registrar --out registrar.ndjson
lso export --verifier seller --out seller.ndjson`,
    ),
  )
    .option('--issuer <id>', 'the issuer that the token is of')
    .option('--verifier <id>', 'or the verifier')
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
  const { out } = flags
  assertNew(out)
  const stream = await ownerOf(flags).export()
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

function ownerOf({ issuer, verifier, ...flags }: ExportFlags): IssuerClient | VerifierClient {
  const trust = clientOf(flags)
  if (issuer !== undefined && verifier === undefined) return trust.issuer(issuer)
  if (verifier !== undefined && issuer === undefined) return trust.verifier(verifier)
  throw new UsageError('Say whose it is: --issuer or --verifier')
}

async function imported(file: string, flags: ServiceFlags): Promise<Outcome> {
  const { admin } = clientOf(flags)
  const isVerifier = isOfVerifier(firstLine(file))
  const counted = counting(flags)
  const source = createReadStream(file).on('error', (cause) => {
    counted.stream.destroy(new UsageError(`${file} cannot be read: ${codeOf(cause)}`))
  })
  const body = Readable.toWeb(source.pipe(counted.stream)) as ReadableStream<Uint8Array>
  const taken = isVerifier ? await admin.importVerifier(body) : await admin.importIssuer(body)
  counted.end()
  const { id, did, token, credentials, statusLists, clients, decisions } = taken
  return {
    answer: 'yes',
    text: lines({
      [isVerifier ? 'Verifier' : 'Issuer']: id,
      DID: did,
      Credentials: credentials,
      'Status lists': statusLists,
      Clients: clients,
      Decisions: decisions,
      'Token (shown once)': token,
    }),
    json: taken,
  }
}

/** What is no export at all is for the service to refuse. */
function isOfVerifier(header: string): boolean {
  try {
    const value: unknown = JSON.parse(header)
    return isObject(value) && 'verifier' in value
  } catch {
    return false
  }
}

/** What the export is of stands in its first line, the header. */
function firstLine(file: string): string {
  try {
    const [open, start] = [openSync(file, 'r'), Buffer.alloc(MAX_HEADER_BYTES)]
    try {
      const read = readSync(open, start)
      return start.toString('utf8', 0, read).split('\n', 1)[0] ?? ''
    } finally {
      closeSync(open)
    }
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${codeOf(cause)}`)
  }
}

/** Ours: a header with all keys of an instance is well below. */
const MAX_HEADER_BYTES = 256 * 1024

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
