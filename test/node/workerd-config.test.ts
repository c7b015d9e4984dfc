import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeWorker } from '../../scripts/worker-description.ts'
import { workerdConfig } from '../../scripts/workerd-config.ts'

const toml = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8')
const worker = { ...describeWorker(toml), bundle: '/bundle/index.js' }
const service = { worker, port: 8787 }
const plain = { service, localHosts: [], dataDir: '/state', beside: [] }

describe('the description of the Worker in wrangler.toml', () => {
  it('names every Durable Object that wrangler makes with SQLite', () => {
    const migrated = /new_sqlite_classes = \[(.*)\]/.exec(toml)?.[1]?.match(/\w+/g)
    expect(worker.durableObjects.map((each) => each.className)).toEqual(migrated)
  })

  it.each([
    { when: 'the name is missing', from: /^name = .*$/m, names: 'name' },
    {
      when: 'the date is missing',
      from: /^compatibility_date = .*$/m,
      names: 'compatibility_date',
    },
    { when: 'a class is no text', from: /^class_name = "IssuerObject"$/m, names: 'class_name' },
  ])('refuses a file where $when', ({ from, names }) => {
    expect(() => describeWorker(toml.replace(from, ''))).toThrow(names)
  })
})

describe('the configuration of plain workerd', () => {
  it('runs the Worker as wrangler does', () => {
    const config = workerdConfig(plain)
    expect(config).toContain(`compatibilityDate = "${worker.compatibilityDate}"`)
    for (const flag of worker.compatibilityFlags) expect(config).toContain(`"${flag}"`)
    for (const { binding, className } of worker.durableObjects) {
      expect(config).toContain(
        `(name = "${binding}", durableObjectNamespace = (className = "${className}"))`,
      )
      expect(config).toContain(
        `(className = "${className}", uniqueKey = "lso-trust-${className}", enableSql = true)`,
      )
    }
  })

  it('D9: lets the Worker out to public addresses only', () => {
    const config = workerdConfig(plain)
    expect(config).toContain('globalOutbound = "internet"')
    expect(config).toContain('allow = ["public"]')
    expect(config).toMatch(/deny = \[[^\]]*"64:ff9b::\/96"/)
    expect(config).not.toContain('LOCAL_HOST_0')
  })

  it('binds each local host in its order, as a service of its own', () => {
    const config = workerdConfig({ ...plain, localHosts: ['localhost:1', 'localhost:2'] })
    expect(config).toContain('(name = "LOCAL_HOST_1", service = "local-host-1")')
    expect(config).toContain(
      '(name = "local-host-1", external = (address = "localhost:2", http = ()))',
    )
    expect(config).toContain('allow = ["public"]')
  })

  it('H18: takes the configuration from the environment, so that no secret stands in it', () => {
    expect(workerdConfig(plain)).toContain(
      '(name = "SIGNING_KEYS", fromEnvironment = "SIGNING_KEYS")',
    )
  })

  it('gives a worker beside the service no bindings', () => {
    const bare = { ...worker, name: 'bare', durableObjects: [] }
    const config = workerdConfig({ ...plain, beside: [{ worker: bare, port: 8788 }] })
    expect(config.split('fromEnvironment = "ADMIN_TOKEN"')).toHaveLength(2)
    expect(config).toContain('address = "*:8788", http = (), service = "bare"')
  })

  it('writes paths as literals', () => {
    expect(workerdConfig({ ...plain, dataDir: '/a "b"\\c' })).toContain('path = "/a \\"b\\"\\\\c"')
    expect(() => workerdConfig({ ...plain, dataDir: '/a\nb' })).toThrow('control character')
  })
})
