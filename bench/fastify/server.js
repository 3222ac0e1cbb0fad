// A webhook as one would write it in Node.js: Fastify, better-sqlite3, WAL with synchronous=FULL.
//   node server.js per-request|batched DATABASE
// Checks the signature over the raw body, stores the event once, answers 200 when it is on the disk. "batched" commits what
// has come since the last commit in one transaction.
import { createHash, timingSafeEqual } from 'node:crypto'
import Database from 'better-sqlite3'
import Fastify from 'fastify'

const [mode, file] = process.argv.slice(2)
const appId = '4120000000000000001'
const secret = process.env.MOTCUA_OA_SECRET_KEY ?? 'demo-oa-secret-key'

const database = new Database(file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec(
  'CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, timestamp_ms INTEGER NOT NULL, msg_id TEXT NOT NULL, ' +
    'event_name TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (timestamp_ms, msg_id))',
)
const insert = database.prepare(
  'INSERT INTO events (timestamp_ms, msg_id, event_name, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
)

let waiting = []
const commit = database.transaction((rows) => {
  for (const one of rows) insert.run(one.row)
})
function flush() {
  const group = waiting
  waiting = []
  commit(group)
  for (const one of group) one.done()
}
function store(row) {
  if (mode !== 'batched') {
    insert.run(row)
    return undefined
  }
  return new Promise((done) => {
    if (waiting.length === 0) setImmediate(flush)
    waiting.push({ row, done })
  })
}

function isSigned(header, body, timestamp) {
  const given = Buffer.from((header ?? '').replace(/^mac\s*=\s*/, ''), 'hex')
  const right = createHash('sha256').update(appId).update(body).update(timestamp).update(secret).digest()
  return given.length === right.length && timingSafeEqual(given, right)
}

const server = Fastify({ logger: false, bodyLimit: 262144 })
server.removeAllContentTypeParsers()
server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))
server.post('/webhook/zalo', async (request, reply) => {
  let event
  try {
    event = JSON.parse(request.body)
  } catch {
    return reply.code(400).send('malformed\n')
  }
  const timestamp = String(event.timestamp)
  if (!isSigned(request.headers['x-zevent-signature'], request.body, timestamp)) return reply.code(401).send('bad signature\n')
  await store([Number(timestamp), event.message?.msg_id ?? '', event.event_name, request.body])
  return 'ok\n'
})
console.log('listening fastify ' + (await server.listen({ host: '127.0.0.1', port: 0 })))
