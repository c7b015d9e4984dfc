import type { Events } from '../../ports/events.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Level of each event: what an operator must see stands out. */
const LEVELS: Readonly<Record<keyof Events, Exclude<LogLevel, 'silent'>>> = {
  requestAnswered: 'debug',
  requestFailed: 'error',
  authorizationRefused: 'warn',
  instanceChanged: 'info',
  credentialIssued: 'info',
  statusChanged: 'info',
  policyChanged: 'info',
  clientTokenJudged: 'info',
  clientFollowed: 'info',
  clientNotFollowed: 'warn',
  verified: 'info',
}

/** One JSON line an event: `{"level", "event", …}`. `write` gets the line without its end. */
export function jsonEvents(threshold: LogLevel, write: (line: string) => void): Events {
  const isRead = (name: keyof Events): boolean =>
    LOG_LEVELS.indexOf(LEVELS[name]) >= LOG_LEVELS.indexOf(threshold)
  const emit = (name: keyof Events): ((event: object) => void) =>
    isRead(name)
      ? (event) => {
          write(JSON.stringify({ level: LEVELS[name], event: name, ...event }))
        }
      : () => undefined
  return {
    ...(isRead('requestAnswered') ? { requestAnswered: emit('requestAnswered') } : {}),
    requestFailed: emit('requestFailed'),
    authorizationRefused: emit('authorizationRefused'),
    instanceChanged: emit('instanceChanged'),
    credentialIssued: emit('credentialIssued'),
    statusChanged: emit('statusChanged'),
    policyChanged: emit('policyChanged'),
    clientTokenJudged: emit('clientTokenJudged'),
    clientFollowed: emit('clientFollowed'),
    clientNotFollowed: emit('clientNotFollowed'),
    verified: emit('verified'),
  }
}
