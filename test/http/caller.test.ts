import { expect, it } from 'vitest'
import { callerOfPeer } from '../../src/http/input/caller.ts'

it.each([
  { peer: '192.0.2.1:34082', caller: '192.0.2.1' },
  { peer: '192.0.2.1', caller: '192.0.2.1' },
  { peer: '[::ffff:127.0.0.1]:34082', caller: '127.0.0.1' },
  { peer: '[2001:db8:1:2:3:4:5:6]:443', caller: '2001:db8:1:2::' },
  { peer: '2001:db8:1:2::9', caller: '2001:db8:1:2::' },
  { peer: '[2001:DB8::9]:1', caller: '2001:db8:0:0::' },
  { peer: '[::1]:80', caller: '0:0:0:0::' },
])('H11: counts $peer as $caller', ({ peer, caller }) => {
  expect(callerOfPeer(peer)).toBe(caller)
})
