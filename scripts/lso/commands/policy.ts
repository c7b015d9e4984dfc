import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { PolicyVersion, TrustPolicy, VerifierClient } from '../../../src/client/index.ts'
import {
  addCommand,
  asksTheService,
  clientOf,
  several,
  told,
  wholeNumber,
  type ServiceFlags,
} from '../command.ts'
import { isObject, jsonObjectIn, readJsonObject, readText } from '../files.ts'
import { jsonText, lines, oneLine } from '../lines.ts'
import { UsageError, type Outcome } from '../outcome.ts'

interface Flags extends ServiceFlags {
  readonly verifier: string
  readonly last?: number
  readonly yes?: boolean
  readonly type?: readonly string[]
}

export function addPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .description('Show, change and try the trust policy of a verifier.')
  const add = (usage: string, what: string, example: string) =>
    asksTheService(addCommand(policy, usage, what, example)).requiredOption(
      '--verifier <id>',
      'the verifier that the token is of',
    )
  add('show', 'Show the policy that counts now.', 'lso policy show --verifier seller').action(
    (flags: Flags) => told(flags, async () => shown(await verifierOf(flags).policy())),
  )
  add(
    'dry-run <file>',
    'Say which of the last kept decisions a policy would change. Changes nothing. 0 means: none.',
    'lso policy dry-run policy.json --verifier seller --last 200',
  )
    .option('--last <number>', 'how many decisions, from the newest on', wholeNumber)
    .action((file: string, flags: Flags) =>
      told(flags, () => tried(verifierOf(flags), readJsonObject(file), flags)),
    )
  add(
    'put <file>',
    'Put a new version of the policy.',
    'lso policy put policy.json --verifier seller',
  ).action((file: string, flags: Flags) =>
    told(flags, async () => shown(await verifierOf(flags).putPolicy(readJsonObject(file)))),
  )
  add(
    'trust <did>',
    'Add an anchor to the policy: an issuer that is trusted by itself.',
    'lso policy trust did:web:registrar.example --type LsoLegalEntityCredential --verifier seller',
  )
    .option('--type <type>', 'a credential type it is trusted for (repeatable)', several, [])
    .action((did: string, flags: Flags) => told(flags, () => trust(did, flags)))
  add(
    'edit',
    'Edit the policy in $EDITOR, see what it would have changed, and put it.',
    'EDITOR=vi lso policy edit --verifier seller',
  )
    .option('--yes', 'put it without asking')
    .action((flags: Flags) => told(flags, () => edit(flags)))
}

const verifierOf = (flags: Flags): VerifierClient => clientOf(flags).verifier(flags.verifier)

function shown(policy: PolicyVersion): Outcome {
  const { version, at, actor, ...rest } = policy
  const nobody =
    rest.anchors?.length === 0 && rest.acceptSelfIssued !== true
      ? 'It has no anchors: nobody is trusted. See lso policy trust.\n'
      : ''
  return {
    answer: 'yes',
    text: `${lines({ Version: version, Since: at, By: actor })}${jsonText(rest)}\n${nobody}`,
    json: policy,
  }
}

async function tried(
  verifier: VerifierClient,
  policy: TrustPolicy,
  { last }: Flags,
): Promise<Outcome> {
  const report = await verifier.dryRunPolicy(policy, last === undefined ? {} : { last })
  const { decisions, counts, changed } = report
  const rows = Array.isArray(changed) ? (changed as readonly unknown[]) : []
  const text = [
    lines({ Decisions: decisions, ...(isObject(counts) ? counts : {}) }),
    ...rows.flatMap((one) =>
      isObject(one)
        ? [
            `  ${oneLine(one['decisionId'])} ${oneLine(one['subject'])}: ${oneLine(one['before'])} would be ${oneLine(one['after'])}\n`,
          ]
        : [],
    ),
  ].join('')
  return { answer: rows.length === 0 ? 'yes' : 'no', text, json: report }
}

async function trust(did: string, flags: Flags): Promise<Outcome> {
  const types = flags.type ?? []
  if (types.length === 0) throw new UsageError('Say what it is trusted for: --type')
  const verifier = verifierOf(flags)
  const { version: _, at: __, actor: ___, anchors = [], ...rest } = await verifier.policy()
  return shown(await verifier.putPolicy({ ...rest, anchors: [...anchors, { did, types }] }))
}

async function edit(flags: Flags): Promise<Outcome> {
  const verifier = verifierOf(flags)
  const { version: _, at: __, actor: ___, ...before } = await verifier.policy()
  const text = `${JSON.stringify(before, null, 2)}\n`
  const edited = editedText(text)
  if (edited.trim() === text.trim())
    return { answer: 'yes', text: 'Nothing was changed.\n', json: { changed: false } }
  const policy = jsonObjectIn(edited, 'The policy')
  const trial = await tried(verifier, policy, flags)
  if (flags.json !== true) process.stdout.write(trial.text)
  if (flags.yes !== true && !(await confirmed('Put this policy?')))
    return { answer: 'no', text: 'The policy stays as it was.\n', json: { changed: false } }
  return shown(await verifier.putPolicy(policy))
}

function editedText(text: string): string {
  const editor = process.env['VISUAL'] ?? process.env['EDITOR']
  if (editor === undefined)
    throw new UsageError('Name your editor in EDITOR, or use lso policy put')
  const folder = mkdtempSync(join(tmpdir(), 'lso-policy-'))
  try {
    const file = join(folder, 'policy.json')
    writeFileSync(file, text)
    // As other tools do: the variable may hold arguments too.
    const { status } = spawnSync(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
    if (status !== 0) throw new UsageError('The editor did not end well; nothing was changed')
    return readText(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody can be asked here: use --yes')
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await asking.question(`${question} [y/N] `)
  asking.close()
  return /^y(es)?$/i.test(answer.trim())
}
