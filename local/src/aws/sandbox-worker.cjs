'use strict';

// Runs in a worker thread, as plain JavaScript so that no loader of the main thread has to follow it there.
const { subscribe } = require('node:diagnostics_channel');
const { parentPort, workerData } = require('node:worker_threads');

// Whether two requests overlap only their sender knows: the emulator answers the first before the second arrives.
const databaseRequests = new Set();
subscribe('http.client.request.start', ({ request }) => {
  if (!String(request.getHeader('x-amz-target')).startsWith('DynamoDB_')) return;
  if (databaseRequests.size === 0) parentPort.postMessage({ kind: 'round-trip' });
  databaseRequests.add(request);
  request.once('error', () => databaseRequests.delete(request));
});
subscribe('http.client.response.finish', ({ request }) => databaseRequests.delete(request));

const { entry, exportName } = workerData;
const handler = require(entry)[exportName];
if (typeof handler !== 'function')
  throw new Error(`Runtime.HandlerNotFound: ${exportName} is not exported by ${entry}`);

function createContext({ requestId, deadline, functionName, functionArn, memoryMb }) {
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

parentPort.on('message', async ({ event, context }) => {
  try {
    const value = await handler(JSON.parse(event), createContext(context));
    parentPort.postMessage({ kind: 'returned', value: JSON.stringify(value) ?? 'null' });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    parentPort.postMessage({ kind: 'threw', errorType: name, errorMessage: message, stack });
  }
});
parentPort.postMessage({ kind: 'ready' });
