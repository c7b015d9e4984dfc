import { expect, it } from 'vitest'
import { reasonsSource, reasonsWritten } from '../../scripts/client-reasons.ts'
import {
  FINDINGS as OF_CLIENT,
  PROBLEMS as PROBLEMS_OF_CLIENT,
} from '../../src/client/service-reasons.ts'
import { CLIENT_REASONS, textOf } from '../../src/client/reasons.ts'
import { FINDINGS } from '../../src/domain/verification/findings.ts'
import { PROBLEMS, problemOf } from '../../src/http/output/problem.ts'

it('the client has the reasons of the service, word by word (else: npm run reasons)', async () => {
  expect(reasonsWritten()).toBe(await reasonsSource())
})

it('there is one text for each reason, in the API and in the client', () => {
  expect(OF_CLIENT).toEqual(FINDINGS)
  for (const code of Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[]) {
    const { title, detail } = problemOf('https://trust.example', code)
    expect(textOf(code)).toEqual({ title, hint: detail })
  }
})

it('no reason of the client takes the name of one of the service', () => {
  const taken = { ...OF_CLIENT, ...PROBLEMS_OF_CLIENT }
  expect(Object.keys(CLIENT_REASONS).filter((code) => Object.hasOwn(taken, code))).toEqual([])
})
