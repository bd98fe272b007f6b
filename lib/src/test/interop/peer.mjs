// A js-libp2p node that the interop tests start and drive. One JSON object a line.
//
//   argv[2]   options (see below)
//   stdout    first {ready, peerId, addrs}, then one {id, ok, result | error: {name, message}} for each request,
//             in the order in which they end
//   stdin     requests {id, op, timeout?, ...}; at its end the node stops, so it never outlives who started it
//   stderr    trouble, in words
//
// Bytes travel as base64. Every operation ends by its timeout (milliseconds).
import { createInterface } from 'node:readline'
import { createHash, randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { createLibp2p } from 'libp2p'
import { tcp } from '@libp2p/tcp'
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { identify, identifyPush } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { gossipsub } from '@libp2p/gossipsub'
import { generateKeyPair, privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'

const SHA2_256 = 0x12
const CHUNK = 64 * 1024
const READ_AHEAD = 1024 * 1024

const options = {
  listen: '/ip4/127.0.0.1/tcp/0', // an address, a list of them, or null to listen nowhere
  key: 'Ed25519', // or secp256k1, RSA, ECDSA
  privateKey: null, // protobuf in base64, instead of a new key
  kad: '/swarmscope/kad/1.0.0', // null: no Kademlia
  server: true, // answer Kademlia requests
  namespaces: ['test', 'swarmscope', 'pkg'], // record keys /<namespace>/... with these are valid
  gossip: false, // true, or an object of js's gossipsub options
  pingInterval: null, // of the connection monitor; null: its default of 10 s
  timeout: 30_000, // of an operation that names none
  ...JSON.parse(process.argv[2] ?? '{}')
}

process.on('unhandledRejection', error => console.error('unhandled rejection:', error))
process.on('uncaughtException', error => {
  console.error('uncaught exception:', error)
  process.exit(70)
})

const privateKey = options.privateKey == null
  ? await generateKeyPair(options.key)
  : privateKeyFromProtobuf(Buffer.from(options.privateKey, 'base64'))

const services = { identify: identify(), identifyPush: identifyPush(), ping: ping() }
if (options.kad != null) {
  services.dht = kadDHT({
    protocol: options.kad,
    clientMode: !options.server,
    allowQueryWithZeroPeers: true,
    peerInfoMapper: passthroughMapper, // the default removes private addresses
    validators: Object.fromEntries(options.namespaces.map(name => [name, () => {}])),
    selectors: Object.fromEntries(options.namespaces.map(name => [name, () => 0]))
  })
}
if (options.gossip) {
  services.pubsub = gossipsub({
    ...(options.gossip === true ? {} : options.gossip),
    allowPublishToZeroTopicPeers: true,
    // the form of go and ours: author, then sequence number
    msgIdFn: message => {
      const number = Buffer.alloc(8)
      number.writeBigUInt64BE(message.sequenceNumber)
      return Buffer.concat([message.from.toMultihash().bytes, number])
    }
  })
}

const node = await createLibp2p({
  privateKey,
  nodeInfo: { userAgent: 'swarmscope-interop-js/1.0' },
  addresses: { listen: options.listen == null ? [] : [options.listen].flat() },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  // while a stream is paused js takes in up to one receive window (16 MiB) more, but by default
  // aborts the stream at 4 MiB
  streamMuxers: [yamux({ streamOptions: { maxReadBufferLength: 32 * 1024 * 1024 } })],
  connectionManager: { inboundConnectionThreshold: 1000, maxIncomingPendingConnections: 100, reconnectRetries: 0 },
  connectionMonitor: options.pingInterval == null ? {} : { pingInterval: options.pingInterval },
  services,
  start: false
})

// identify has no getter for what it heard: remember the latest of each peer
const heard = new Map()
let waiting = []
node.addEventListener('peer:identify', ({ detail }) => {
  heard.set(detail.peerId.toString(), detail)
  waiting = waiting.filter(wake => !wake())
})

const messages = []
node.services.pubsub?.addEventListener('gossipsub:message', ({ detail: { msg, msgId } }) => {
  messages.push({
    id: msgId, // in base64 without padding
    topic: msg.topic,
    from: msg.from?.toString(),
    sequence: msg.sequenceNumber?.toString(),
    data: base64(msg.data)
  })
})

const STREAMS = { maxInboundStreams: 512, maxOutboundStreams: 512, runOnLimitedConnection: true }

/** A protocol whose handler resets the stream when it fails. */
async function answer (protocol, handler) {
  await node.handle(protocol, async stream => {
    try {
      await handler(stream)
    } catch (error) {
      console.error(`${protocol}:`, error?.message ?? error)
      stream.abort(error)
    }
  }, STREAMS)
}

// all bytes back, in order, as they come
await answer('/interop/echo/1.0.0', async stream => {
  for await (const bytes of bytesOf(stream)) await write(stream, bytes)
  await stream.close()
})

// everything up to end-of-stream, then the length (8 bytes, big endian) and the SHA-256 digest of it
await answer('/interop/digest/1.0.0', async stream => {
  const hash = createHash('sha256')
  let total = 0
  for await (const bytes of bytesOf(stream)) {
    hash.update(bytes)
    total += bytes.length
  }
  await write(stream, Buffer.concat([u64(total), hash.digest()]))
  await stream.close()
})

// one block, a greeting, then a reset
await answer('/interop/reset/1.0.0', async stream => {
  for await (const bytes of bytesOf(stream)) {
    await write(stream, Buffer.from(`got ${bytes.length > 0 ? 'some' : 'nothing'}`))
    break
  }
  stream.abort(new Error('as asked'))
})

// never reads and never answers
await answer('/interop/stall/1.0.0', async stream => {
  stream.pause()
  await new Promise(resolve => stream.addEventListener('close', resolve, { once: true }))
})

// as libp2p's perf: how much is wanted (8 bytes, big endian), an upload to its end, then the download
await answer('/perf/1.0.0', async stream => {
  let head = Buffer.alloc(0)
  for await (const bytes of bytesOf(stream)) {
    if (head.length < 8) head = Buffer.concat([head, bytes.subarray(0, 8 - head.length)])
  }
  if (head.length < 8) throw new Error('perf ended before it said how much it wants')
  const block = Buffer.alloc(CHUNK)
  for (let left = Number(head.readBigUInt64BE()); left > 0; left -= CHUNK) {
    await write(stream, left < CHUNK ? block.subarray(0, left) : block)
  }
  await stream.close()
})

const operations = {
  info: () => ({
    peerId: node.peerId.toString(),
    addrs: node.getMultiaddrs().map(String),
    protocols: node.getProtocols(),
    kadMode: node.services.dht?.getMode() ?? null
  }),

  async dial ({ addr }, signal) {
    return describe(await node.dial(multiaddr(addr), { signal }))
  },

  peers: () => node.getConnections().map(describe),

  /** What identify told of a connected peer, once it did. */
  async identify ({ peer }, signal) {
    const told = await until(() => heard.get(peer), signal)
    const known = await node.peerStore.get(peerIdFromString(peer), { signal })
    return {
      agentVersion: told.agentVersion ?? null,
      protocolVersion: told.protocolVersion ?? null,
      protocols: told.protocols,
      listenAddrs: told.listenAddrs.map(String),
      observedAddr: told.observedAddr?.toString() ?? null,
      publicKey: told.publicKey == null ? null : base64(told.publicKey),
      signedAddrs: told.signedPeerRecord?.addresses.map(String) ?? null,
      sequence: told.signedPeerRecord?.seq.toString() ?? null,
      stored: {
        addrs: known.addresses.map(({ multiaddr, isCertified }) => ({ addr: String(multiaddr), certified: isCertified })),
        protocols: known.protocols,
        keyType: known.id.publicKey?.type ?? null
      }
    }
  },

  /** Asks again on an open connection. */
  async identifyAgain ({ peer }, signal) {
    heard.delete(peer)
    await node.services.identify.identify(connectionTo(peer), { signal })
    return operations.identify({ peer }, signal)
  },

  async ping ({ peer, times = 1 }, signal) {
    const millis = []
    for (let i = 0; i < times; i++) millis.push(await node.services.ping.ping(target(peer), { signal }))
    return { millis }
  },

  async perf ({ peer, send = 0, receive = 0 }, signal) {
    const stream = await open(peer, '/perf/1.0.0', signal)
    return guarded(stream, signal, async () => {
      const start = performance.now()
      await write(stream, u64(receive), signal)
      const block = Buffer.alloc(CHUNK)
      for (let left = send; left > 0; left -= CHUNK) {
        await write(stream, left < CHUNK ? block.subarray(0, left) : block, signal)
      }
      await stream.close({ signal })
      const sent = performance.now()
      let got = 0
      for await (const bytes of bytesOf(stream)) got += bytes.length
      if (got !== receive) throw new Error(`perf: ${got} bytes instead of ${receive}`)
      return { sent: send, received: got, sendMillis: sent - start, receiveMillis: performance.now() - sent }
    })
  },

  /** Sends size bytes and checks that the same come back; streams such exchanges run at once. */
  async echo ({ peer, protocol = '/interop/echo/1.0.0', size, streams = 1 }, signal) {
    const start = performance.now()
    await Promise.all(Array.from({ length: streams }, () => echo(peer, protocol, size, signal)))
    return { bytes: size * streams, millis: performance.now() - start }
  },

  /** Sends size bytes, half-closes, and returns what the peer answers (at most 1 MiB). */
  async request ({ peer, protocol, data = '', closeWrite = true }, signal) {
    const stream = await open(peer, protocol, signal)
    return guarded(stream, signal, async () => {
      const bytes = Buffer.from(data, 'base64')
      if (bytes.length > 0) await write(stream, bytes, signal)
      if (closeWrite) await stream.close({ signal })
      const parts = []
      let total = 0
      for await (const part of bytesOf(stream)) {
        total += part.length
        if (total > READ_AHEAD) throw new Error('more than 1 MiB answered')
        parts.push(part)
      }
      if (!closeWrite) await stream.close({ signal })
      return { data: base64(Buffer.concat(parts)), protocol: stream.protocol }
    })
  },

  async kadPut ({ key, value }, signal) {
    const stored = []
    const errors = []
    for await (const event of dht().put(bytesFrom(key), Buffer.from(value, 'base64'), { signal })) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE') stored.push(event.from.toString())
      if (event.name === 'QUERY_ERROR') errors.push(`${event.from}: ${event.error.message}`)
    }
    return { stored, errors }
  },

  /** The best value, null if there is none, and who answered it. */
  async kadGet ({ key }, signal) {
    let value = null
    const holders = []
    const errors = []
    for await (const event of dht().get(bytesFrom(key), { signal })) {
      if (event.name === 'PEER_RESPONSE' && event.record != null) holders.push(event.from.toString())
      if (event.name === 'VALUE') value = base64(event.value)
      if (event.name === 'QUERY_ERROR') errors.push(`${event.from}: ${event.error.message}`)
    }
    return { value, holders, errors }
  },

  /** What this node itself holds under the key, null if nothing. */
  async kadLocal ({ key }, signal) {
    try {
      return { value: base64((await dht().contentFetching.getLocal(bytesFrom(key), { signal })).value) }
    } catch (error) {
      if (error.name !== 'NotFoundError') throw error
      return { value: null }
    }
  },

  async kadProvide ({ digest }, signal) {
    const told = []
    const errors = []
    for await (const event of dht().provide(cid(digest), { signal })) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') told.push(event.from.toString())
      if (event.name === 'QUERY_ERROR') errors.push(`${event.from}: ${event.error.message}`)
    }
    return { told, errors }
  },

  async kadProviders ({ digest }, signal) {
    const providers = new Map()
    const errors = []
    for await (const event of dht().findProviders(cid(digest), { signal })) {
      if (event.name === 'PROVIDER') event.providers.forEach(info => providers.set(info.id.toString(), info))
      if (event.name === 'QUERY_ERROR') errors.push(`${event.from}: ${event.error.message}`)
    }
    return { providers: [...providers.values()].map(person), errors }
  },

  /** Who announced the content to this node. */
  async kadProvidersLocal ({ digest }, signal) {
    return { providers: (await dht().providers.getProviders(cid(digest), { signal })).map(String) }
  },

  async kadFindPeer ({ peer }, signal) {
    try {
      for await (const event of dht().findPeer(peerIdFromString(peer), { signal })) {
        if (event.name === 'FINAL_PEER') return person(event.peer)
      }
    } catch (error) {
      if (error.name !== 'NotFoundError') throw error
    }
    return null
  },

  async kadClosest ({ key, peer }, signal) {
    const target = peer == null ? bytesFrom(key) : peerIdFromString(peer).toMultihash().bytes
    const peers = []
    const errors = []
    for await (const event of dht().getClosestPeers(target, { signal })) {
      if (event.name === 'FINAL_PEER') peers.push(person(event.peer))
      if (event.name === 'QUERY_ERROR') errors.push(`${event.from}: ${event.error.message}`)
    }
    return { peers, errors }
  },

  /** Who is in the routing table: a peer gets there after identify named the protocol and a ping was answered. */
  async kadTable () {
    const table = dht().routingTable
    return { size: table.size, peers: table.closestPeers(new Uint8Array(32), { count: 10_000 }).map(String) }
  },

  async subscribe ({ topic }) {
    node.services.pubsub.subscribe(topic)
  },

  async subscribers ({ topic }) {
    return {
      peers: node.services.pubsub.getSubscribers(topic).map(String),
      mesh: node.services.pubsub.getMeshPeers(topic)
    }
  },

  async publish ({ topic, data }) {
    const { recipients } = await node.services.pubsub.publish(topic, Buffer.from(data, 'base64'))
    return { recipients: recipients.map(String) }
  },

  /** The messages that came since the last call. */
  messages: () => messages.splice(0),

  async close ({ peer }, signal) {
    await node.hangUp(target(peer), { signal })
  },

  async abort ({ peer }) {
    node.getConnections(peerIdFromString(peer)).forEach(connection => connection.abort(new Error('as asked')))
  },

  async stop () {
    await node.stop()
  }
}

async function echo (peer, protocol, size, signal) {
  const stream = await open(peer, protocol, signal)
  return guarded(stream, signal, async () => {
    // 65 521 is prime: a block lost, doubled or out of place shows
    const pattern = randomBytes(65_521)
    const send = async () => {
      for (let at = 0; at < size;) {
        const from = at % pattern.length
        const part = pattern.subarray(from, Math.min(pattern.length, from + size - at))
        await write(stream, part, signal)
        at += part.length
      }
      await stream.close({ signal })
    }
    const receive = async () => {
      let at = 0
      for await (const bytes of bytesOf(stream)) {
        for (let done = 0; done < bytes.length;) {
          const from = (at + done) % pattern.length
          const length = Math.min(pattern.length - from, bytes.length - done)
          if (!bytes.subarray(done, done + length).equals(pattern.subarray(from, from + length))) {
            throw new Error(`echo differs between bytes ${at + done} and ${at + done + length}`)
          }
          done += length
        }
        at += bytes.length
        if (at > size) throw new Error(`echo answered ${at} bytes, only ${size} were asked`)
      }
      if (at !== size) throw new Error(`echo ended after ${at} of ${size} bytes`)
    }
    await Promise.all([send(), receive()])
  })
}

/** Runs work on a stream; the stream is reset if that fails or the time is up. */
async function guarded (stream, signal, work) {
  const expire = () => stream.abort(signal.reason)
  signal.addEventListener('abort', expire, { once: true })
  try {
    signal.throwIfAborted()
    return await work()
  } catch (error) {
    stream.abort(error)
    throw error
  } finally {
    signal.removeEventListener('abort', expire)
  }
}

/**
 * What the peer sends, to its end; a reset throws after the bytes that came before it. js's own iterator of a stream
 * never ends if the end arrived before the iteration began, and takes in without bound what is not yet consumed. What
 * js says about the end ('end', readableEnded) may come before the last bytes: those that were sent along with the
 * protocol's proposal are pushed back into the stream after its negotiation.
 */
async function * bytesOf (stream) {
  const parts = []
  let size = 0
  let ended = false
  let failure = null
  let resuming = false
  let wake = () => {}
  const onMessage = ({ data }) => {
    const bytes = Buffer.from(data.subarray())
    parts.push(bytes)
    size += bytes.length
    ended ||= noMoreComes(stream)
    // pausing from within resume() would be undone by it
    if (size > READ_AHEAD && !resuming) pause()
    wake()
  }
  const onEnd = () => {
    ended ||= noMoreComes(stream)
    wake()
  }
  const onClose = event => {
    failure ??= event.error ?? null
    ended ||= noMoreComes(stream)
    wake()
  }
  const pause = () => {
    if (stream.readStatus === 'readable') stream.pause()
  }
  const resume = () => {
    if (stream.readStatus !== 'paused') return
    resuming = true
    try {
      stream.resume()
    } finally {
      resuming = false
    }
    if (size > READ_AHEAD) pause()
  }
  stream.addEventListener('end', onEnd)
  stream.addEventListener('close', onClose)
  stream.addEventListener('remoteCloseWrite', onEnd)
  stream.addEventListener('message', onMessage)
  if (noMoreComes(stream)) {
    ended = true
    if (stream.status === 'aborted' || stream.status === 'reset') failure = new Error(`stream is ${stream.status}`)
  }
  try {
    for (;;) {
      if (parts.length > 0) {
        const bytes = parts.shift()
        size -= bytes.length
        yield bytes
      } else if (ended) {
        if (failure != null) throw failure
        return
      } else {
        const woken = new Promise(resolve => { wake = resolve })
        resume()
        if (parts.length === 0 && !ended) await woken
      }
    }
  } finally {
    stream.removeEventListener('end', onEnd)
    stream.removeEventListener('close', onClose)
    stream.removeEventListener('remoteCloseWrite', onEnd)
    stream.removeEventListener('message', onMessage)
  }
}

function noMoreComes (stream) {
  return stream.remoteWriteStatus === 'closed' && stream.readBufferLength === 0
}

/** Writes and waits until the muxer took it all. The stream's own onDrain() waits the first time only. */
async function write (stream, bytes, signal) {
  stream.send(bytes)
  while (stream.writableNeedsDrain || stream.writeBufferLength > 0) {
    if (stream.writeStatus === 'closed') throw new Error(`stream is ${stream.status}`)
    if (!stream.writableNeedsDrain) {
      await new Promise(resolve => setImmediate(resolve))
      continue
    }
    await new Promise((resolve, reject) => {
      const onDrain = () => finish(resolve)
      const onClose = event => finish(reject, event.error ?? new Error('stream closed while it was written'))
      const onAbort = () => finish(reject, signal.reason)
      const finish = (settle, value) => {
        stream.removeEventListener('drain', onDrain)
        stream.removeEventListener('close', onClose)
        signal?.removeEventListener('abort', onAbort)
        settle(value)
      }
      stream.addEventListener('drain', onDrain)
      stream.addEventListener('close', onClose)
      signal?.addEventListener('abort', onAbort)
    })
  }
}

/** Opens a stream on the connection to a peer, which it dials if an address is given. */
async function open (peer, protocol, signal) {
  const connection = peer.startsWith('/') ? await node.dial(multiaddr(peer), { signal }) : connectionTo(peer)
  return connection.newStream(protocol, { signal, ...STREAMS })
}

function connectionTo (peer) {
  const connection = node.getConnections(peerIdFromString(peer)).find(({ status }) => status === 'open')
  if (connection == null) throw new Error(`no connection to ${peer}`)
  return connection
}

function target (peer) {
  return peer.startsWith('/') ? multiaddr(peer) : peerIdFromString(peer)
}

function dht () {
  if (node.services.dht == null) throw new Error('started without Kademlia')
  return node.services.dht
}

function describe (connection) {
  return {
    peerId: connection.remotePeer.toString(),
    keyType: connection.remotePeer.type,
    addr: connection.remoteAddr.toString(),
    direction: connection.direction,
    status: connection.status,
    encryption: connection.encryption ?? null,
    multiplexer: connection.multiplexer ?? null,
    streams: connection.streams.map(({ protocol, direction, status }) => ({ protocol, direction, status }))
  }
}

function person ({ id, multiaddrs }) {
  return { peerId: id.toString(), addrs: multiaddrs.map(String) }
}

/** A key: text, or {base64}. */
function bytesFrom (key) {
  return typeof key === 'string' ? Buffer.from(key, 'utf8') : Buffer.from(key.base64, 'base64')
}

/** A raw CID of a SHA-256 digest in hexadecimal: js takes no other keys for providers. */
function cid (digest) {
  return CID.createV1(raw.code, Digest.create(SHA2_256, Buffer.from(digest, 'hex')))
}

function base64 (bytes) {
  return Buffer.from(bytes).toString('base64')
}

function u64 (value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

async function until (supply, signal) {
  signal.throwIfAborted()
  return supply() ?? new Promise((resolve, reject) => {
    const wake = () => {
      const value = supply()
      if (value != null) resolve(value)
      return value != null || signal.aborted
    }
    waiting.push(wake)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function say (value) {
  process.stdout.write(JSON.stringify(value) + '\n')
}

async function serve (line) {
  let request
  try {
    request = JSON.parse(line)
  } catch {
    return console.error('not a request:', line)
  }
  const { id, op, timeout = options.timeout, ...rest } = request
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  const timedOut = new Promise((resolve, reject) => {
    controller.signal.addEventListener('abort', () => {
      // the operation ends with the signal and mostly says more; it gets a moment to do so
      setTimeout(() => reject(controller.signal.reason), 250)
    }, { once: true })
  })
  const timer = setTimeout(() => {
    const late = new Error(`${op} took longer than ${timeout} ms`)
    late.name = 'TimeoutError'
    controller.abort(late)
  }, timeout)
  try {
    if (!Object.hasOwn(operations, op)) throw new Error(`no operation ${op}`)
    const running = Promise.resolve().then(() => operations[op](rest, controller.signal))
    say({ id, ok: true, result: await Promise.race([running, timedOut]) ?? null })
  } catch (error) {
    const causes = error?.errors?.map(({ name, message }) => ({ name, message }))
    say({ id, ok: false, error: { name: error?.name ?? 'Error', message: String(error?.message ?? error), causes } })
  } finally {
    clearTimeout(timer)
  }
  if (op === 'stop') process.exit(0)
}

await node.start()
say({ ready: true, peerId: node.peerId.toString(), addrs: node.getMultiaddrs().map(String) })

const lines = createInterface({ input: process.stdin })
lines.on('line', serve)
lines.on('close', () => {
  setTimeout(() => process.exit(0), 2_000).unref()
  node.stop().finally(() => process.exit(0))
})
