/** What we use of kurento-jsonrpc 7.2.0, beneath kurento-client. */
declare module 'kurento-jsonrpc' {
  export interface Packer {
    pack(message: object, id?: number): string;
    /** A response has the number of its request as `ack`. */
    unpack(text: string): { ack?: number };
  }

  const rpc: { packers: { JsonRPC: Packer } };
  export default rpc;
}
