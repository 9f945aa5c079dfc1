/** Which socket speaks for which session: one each, and the newest socket to use a session gets its events. */
export class SessionSockets<Socket> {
  private readonly sockets = new Map<string, Socket>();
  private readonly sessions = new Map<Socket, string>();

  bind(sessionId: string, socket: Socket): void {
    const previousSocket = this.sockets.get(sessionId);
    if (previousSocket === socket) return;
    if (previousSocket !== undefined) this.sessions.delete(previousSocket);
    const previousSession = this.sessions.get(socket);
    if (previousSession !== undefined) this.sockets.delete(previousSession);
    this.sockets.set(sessionId, socket);
    this.sessions.set(socket, sessionId);
  }

  drop(socket: Socket): void {
    const sessionId = this.sessions.get(socket);
    if (sessionId === undefined) return;
    this.sessions.delete(socket);
    this.sockets.delete(sessionId);
  }

  sessionOf(socket: Socket): string | undefined {
    return this.sessions.get(socket);
  }

  socketOf(sessionId: string): Socket | undefined {
    return this.sockets.get(sessionId);
  }

  connectedSessions(): string[] {
    return [...this.sockets.keys()];
  }
}
