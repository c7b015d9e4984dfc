import { Option, type Command } from 'commander'
import { makeSigningKey, publicPart } from '../../signing-keys.ts'
import { addCommand, told, type ServiceFlags } from '../command.ts'
import { writeNew } from '../files.ts'
import { HOLDER_ALGS } from '../holder-key.ts'
import { UsageError } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly out: string
  readonly alg: (typeof HOLDER_ALGS)[number]
  readonly did?: string
  readonly name: string
}

/** Bits of an RSA key; SP 800-57 asks for 3,072 beyond 2030. */
const RSA_BITS = 3_072

export function addKeygen(program: Command): void {
  addCommand(
    program,
    'keygen',
    'Make the private key of a participant, on this machine, in a file that only you can read.',
    'lso keygen --did did:web:buyer.example --out buyer.jwk.json',
  )
    .requiredOption('--out <file>', 'where the private key goes; must not exist')
    .option('--did <did>', 'whose key it is; its kid becomes <did>#<name>')
    .option('--name <name>', 'name of the key inside the DID document', 'key-1')
    .addOption(
      new Option('--alg <alg>', 'what it signs with').choices(HOLDER_ALGS).default('EdDSA'),
    )
    .action((flags: Flags) => told(flags, () => keygen(flags)))
}

async function keygen({ out, alg, did, name }: Flags) {
  if (did !== undefined && !/^did:[a-z0-9]+:[^\s#?/]+$/.test(did))
    throw new UsageError('--did must be a DID, such as did:web:buyer.example')
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
    throw new UsageError('--name takes 1 to 64 letters, digits, dots, hyphens and underscores')
  const key = await makeSigningKey(alg, did === undefined ? undefined : `${did}#${name}`, RSA_BITS)
  writeNew(out, `${JSON.stringify(key, null, 2)}\n`, true)
  const [shown] = publicPart({ keys: [key] }).keys
  return {
    answer: 'yes',
    text: `The private key is in ${out}; keep it to yourself. The public key:\n${JSON.stringify(shown, null, 2)}\n`,
    json: shown,
  } as const
}
