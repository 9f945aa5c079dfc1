export { joinDiagram } from './diagram.ts';
export { Recorder } from './recorder.ts';
export type { Hop, Party, Recording } from './recording.ts';
export { type OperatorOptions, type OperatorServer, serveOperator } from './server.ts';
