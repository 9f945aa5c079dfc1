import { bundleFunctions } from './bundle.ts';
import { addSignallingStack, createApp, signallingPropsFromContext } from './signalling-app.ts';

// The CDK CLI runs this file and says itself, through the environment, where the assembly goes.
await bundleFunctions();
const app = createApp();
addSignallingStack(app, signallingPropsFromContext(app));
app.synth();
