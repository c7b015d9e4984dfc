import { describe, expect, it } from 'vitest'
import { givenStatusFaults } from '../../../src/domain/credential/given-status.ts'
import type { Json, JsonObject } from '../../../src/domain/json/strict-json.ts'

const ENTRY: JsonObject = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'message',
  statusListIndex: '7',
  statusListCredential: 'https://elsewhere.example/list',
}
const MESSAGES = ['0x0', '0x1', '0x2', '0x3'].map((status) => ({ status, message: 'a word' }))

const refusedAt = (credentialStatus: Json): readonly string[] =>
  givenStatusFaults(credentialStatus, 'https://trust.example').map(({ pointer }) =>
    pointer.replace('/credentialStatus', ''),
  )
const without = (member: string): JsonObject =>
  Object.fromEntries(Object.entries(ENTRY).filter(([name]) => name !== member))

describe('a status entry that a caller gives', () => {
  it.each<[what: string, entry: Json]>([
    ['a place in somebody’s list', ENTRY],
    ['a purpose of somebody', { ...ENTRY, statusPurpose: 'attendance' }],
    ['an id of its own', { ...ENTRY, id: 'https://elsewhere.example/list#7' }],
    ['a size with a message for each value', { ...ENTRY, statusSize: 2, statusMessage: MESSAGES }],
    ['one bit with messages', { ...ENTRY, statusMessage: MESSAGES.slice(0, 2) }],
    ['references', { ...ENTRY, statusReference: ['https://a.example', 'https://b.example'] }],
    ['a type of somebody', { type: 'Attendance', statusListIndex: 7 }],
    ['the forerunner of a list', { ...ENTRY, type: 'StatusList2021Entry', statusSize: 'x' }],
    ['none at all', []],
  ])('S4: is taken with %s', (_, entry) => {
    expect(refusedAt(entry)).toEqual([])
  })

  it.each<[what: string, at: string, entry: JsonObject]>([
    ['no purpose', '/statusPurpose', without('statusPurpose')],
    ['an empty purpose', '/statusPurpose', { ...ENTRY, statusPurpose: '' }],
    ['no index', '/statusListIndex', without('statusListIndex')],
    ['a number for an index', '/statusListIndex', { ...ENTRY, statusListIndex: 7 }],
    ['an index with leading zeros', '/statusListIndex', { ...ENTRY, statusListIndex: '007' }],
    ['no list', '/statusListCredential', without('statusListCredential')],
    ['a list that is no URL', '/statusListCredential', { ...ENTRY, statusListCredential: 'list' }],
    ['the id of its list', '/id', { ...ENTRY, id: 'https://elsewhere.example/list' }],
    ['no size', '/statusSize', { ...ENTRY, statusSize: 0 }],
    ['half a size', '/statusSize', { ...ENTRY, statusSize: 1.5 }],
    [
      'a size that its purpose cannot have',
      '/statusSize',
      { ...ENTRY, statusPurpose: 'revocation', statusSize: 2, statusMessage: MESSAGES },
    ],
    ['a size without messages', '/statusMessage', { ...ENTRY, statusSize: 2 }],
    [
      'fewer messages than values',
      '/statusMessage',
      { ...ENTRY, statusSize: 2, statusMessage: MESSAGES.slice(1) },
    ],
    ['messages that are no list', '/statusMessage', { ...ENTRY, statusMessage: 'x' }],
    [
      'a message without a value',
      '/statusMessage/1/status',
      { ...ENTRY, statusMessage: [{ status: '0x0', message: 'a' }, { message: 'b' }] },
    ],
    [
      'a value without a message',
      '/statusMessage/1/message',
      { ...ENTRY, statusMessage: [{ status: '0x0', message: 'a' }, { status: '0x1' }] },
    ],
    ['a reference that is no URL', '/statusReference', { ...ENTRY, statusReference: 'x' }],
    [
      'a bad index in the forerunner of a list',
      '/statusListIndex',
      { ...ENTRY, type: 'StatusList2021Entry', statusListIndex: '-1' },
    ],
    [
      'a place in a list of ours',
      '',
      { ...ENTRY, statusListCredential: 'https://trust.example/issuers/a/status-lists/b' },
    ],
  ])('S4, S12: is refused with %s', (_, at, entry) => {
    expect(refusedAt(entry)).toEqual([at])
    expect(refusedAt([ENTRY, entry])).toEqual([`/1${at}`])
  })

  it('D24: is refused where there are too many', () => {
    expect(refusedAt(Array.from({ length: 8 }, () => ENTRY))).toEqual([])
    expect(refusedAt(Array.from({ length: 9 }, () => ENTRY))).toEqual([''])
  })
})
