import { type Cloud, DOMAIN } from '../aws/cloud.ts';
import type { Io } from '../io.ts';
import { Network } from '../network.ts';
import { Process } from '../time/process.ts';

/** Somebody who knows the address of a participant, but not its secret, and wants its place. */
export class Thief {
  /** What the messages were answered with. */
  readonly codes: number[] = [];
  readonly process = new Process('thief');
  readonly #io: Io;
  readonly #cloud: Cloud;

  constructor(io: Io, cloud: Cloud) {
    this.#io = io;
    this.#cloud = cloud;
  }

  steal(hyperty: string, roomId: string): void {
    const host = { process: this.process, network: new Network(this.#io) };
    const resumption = 'a secret that is not its own';
    const registration = { url: hyperty, descriptor: 'conference', resources: [], dataSchemes: [], resumption };
    const messages = [
      {
        id: 'steal-1',
        type: 'create',
        from: hyperty,
        to: `domain://registry.${DOMAIN}`,
        body: { value: registration },
      },
      {
        id: 'steal-2',
        type: 're-open',
        from: hyperty,
        to: `hyperty://${DOMAIN}/conference`,
        body: { resource: `comm://${DOMAIN}/${roomId}` },
      },
    ];
    const socket = this.#cloud.gateway.dial('wss://signalling.example.org/live?token=user:thief', host, {
      opened: () => socket.send(JSON.stringify(messages)),
      received: (text) => this.#take(text),
      closed: () => {},
    });
  }

  #take(text: string): void {
    const parsed: unknown = JSON.parse(text);
    for (const { id, body } of (Array.isArray(parsed) ? parsed : [parsed]) as {
      id: string;
      body: { code: number };
    }[]) {
      if (String(id).startsWith('steal-')) this.codes.push(body.code);
    }
  }
}
