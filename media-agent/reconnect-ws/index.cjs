const { EventEmitter } = require('node:events');
const { WebSocket } = require('ws');

function* fibonacci(first, ceiling) {
  let [delay, next] = [first, first];
  for (;;) {
    yield Math.min(delay, ceiling);
    [delay, next] = [next, delay + next];
  }
}

/**
 * reconnect-core's interface, as far as kurento-client and our adapter use it. The transport handed to 'connection' is
 * the WebSocket itself: kurento-jsonrpc takes anything with `send` and `addEventListener('message')`. There is no
 * 'error' event: kurento-client listens to none, so a refused connection would end the process; 'disconnect', 'backoff'
 * and 'fail' carry the error.
 */
class Reconnection extends EventEmitter {
  connected = false;
  reconnect = true;
  #options;
  #delays;
  #attempts = 0;
  #timer;
  #socket;

  constructor(options, onConnection) {
    super();
    this.#options = { initialDelay: 100, maxDelay: 1_000, failAfter: Number.POSITIVE_INFINITY, ...options };
    this.#resetDelays();
    if (onConnection) this.on('connection', onConnection);
  }

  connect(uri, socketOptions) {
    this.reconnect = true;
    this.#attempt(0, uri, socketOptions);
    return this;
  }

  disconnect() {
    this.reconnect = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    return this;
  }

  #resetDelays() {
    this.#attempts = 0;
    this.#delays = fibonacci(this.#options.initialDelay, this.#options.maxDelay);
  }

  #attempt(delay, uri, socketOptions) {
    this.emit('reconnect', this.#attempts, delay);
    const socket = new WebSocket(uri, socketOptions);
    this.#socket = socket;
    let failure;
    socket.on('open', () => {
      this.#resetDelays();
      this.connected = true;
      this.emit('connect', socket);
      this.emit('connection', socket);
    });
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      this.connected = false;
      this.emit('disconnect', failure);
      if (this.reconnect) this.#backOff(failure, uri, socketOptions);
    });
  }

  #backOff(failure, uri, socketOptions) {
    if (this.#attempts >= this.#options.failAfter) {
      this.reconnect = false;
      this.emit('fail', failure);
      return;
    }
    this.#attempts += 1;
    const delay = this.#delays.next().value;
    this.emit('backoff', this.#attempts, delay, failure);
    this.#timer = setTimeout(() => this.#attempt(delay, uri, socketOptions), delay);
  }
}

module.exports = (options, onConnection) => new Reconnection(options, onConnection);
