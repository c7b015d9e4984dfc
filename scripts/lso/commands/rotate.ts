import type { Command } from 'commander'
import type { IssuerKey, KeyRotation, RotatedKeys } from '../../../src/client/index.ts'
import {
  addCommand,
  asksTheService,
  clientOf,
  told,
  wholeNumber,
  type ServiceFlags,
} from '../command.ts'
import { lines } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly issuer: string
  readonly overlap?: number
  readonly compromised?: string
  readonly retire?: boolean
  readonly idempotencyKey?: string
}

export function addRotate(program: Command): void {
  asksTheService(
    addCommand(
      program,
      'rotate [kid]',
      'Change the key that an issuer signs with, to one of SIGNING_KEYS. Without a key: say how its keys stand.',
      `lso rotate --issuer registrar
lso rotate registry-2027 --issuer registrar
lso rotate registry-2027 --compromised registry-2026 --issuer registrar`,
    ),
  )
    .requiredOption('--issuer <id>', 'the issuer that the token is of')
    .option('--overlap <seconds>', 'list the key so long before it signs', wholeNumber)
    .option('--compromised <kid>', 'this key was stolen: it counts no more, at once')
    .option('--retire', 'take the key out, or call its rotation off')
    .option('--idempotency-key <key>', 'run again with the same key, it rotates once')
    .action((kid: string | undefined, flags: Flags) => told(flags, () => rotate(kid, flags)))
}

async function rotate(kid: string | undefined, flags: Flags): Promise<Outcome> {
  const rotation = rotationOf(kid, flags)
  const issuer = clientOf(flags).issuer(flags.issuer)
  if (rotation === undefined) {
    const keys = await issuer.keys()
    return { answer: 'yes', text: keys.items.map(keyText).join(''), json: keys }
  }
  const { idempotencyKey } = flags
  const once = idempotencyKey === undefined ? {} : { idempotencyKey }
  const rotated = await issuer.rotateKeys(rotation, once)
  return { answer: 'yes', text: rotatedText(rotated), json: rotated }
}

/** `undefined`: nothing is to be changed. */
function rotationOf(kid: string | undefined, flags: Flags): KeyRotation | undefined {
  const { overlap: overlapSeconds, compromised, retire } = flags
  if ([overlapSeconds, compromised, retire].filter((one) => one !== undefined).length > 1)
    throw new UsageError('--overlap, --compromised and --retire exclude each other')
  if (compromised !== undefined)
    return { mode: 'compromise', compromised, ...(kid === undefined ? {} : { kid }) }
  if (kid === undefined) {
    if (overlapSeconds === undefined && retire === undefined) return undefined
    throw new UsageError('Name the key: its kid in SIGNING_KEYS')
  }
  if (retire === true) return { mode: 'retire', kid }
  return { mode: 'planned', kid, ...(overlapSeconds === undefined ? {} : { overlapSeconds }) }
}

/** What happens next needs no call: the clock does it. */
function rotatedText({ mode, signing, withdrawn }: RotatedKeys): string {
  const again =
    withdrawn !== undefined && withdrawn.liveCredentials > 0
      ? `${withdrawn.liveCredentials} live credentials no longer verify: issue them again. They are at ${withdrawn.credentials}`
      : undefined
  const next = {
    planned:
      'Nothing more is to be done. Leave the old key in SIGNING_KEYS until lso rotate says retired',
    compromise: 'Take the stolen key out of SIGNING_KEYS, and restart',
    retire: 'Nothing more is to be done',
  }[mode]
  return lines({
    Signs: signing?.kid,
    From: signing?.from,
    Withdrawn: withdrawn?.kid,
    Affected: again,
    Next: next,
  })
}

function keyText({ kid, state, signsFrom, listedUntil, configured, liveCredentials }: IssuerKey) {
  const until =
    listedUntil === null
      ? ', for as long as a credential without an end is not revoked'
      : listedUntil === undefined
        ? ''
        : `, until ${listedUntil}`
  const from = signsFrom === undefined ? '' : `, signs from ${signsFrom}`
  const missing = configured ? '' : ', NOT in SIGNING_KEYS'
  return lines({ [kid]: `${state}${from}${until}${missing}, ${liveCredentials} live credentials` })
}
