import { createApp, stackPropsOf } from './cdk-app.ts';
import { functionsFolder, signallingStackName } from './layout.ts';
import { settingsOf } from './settings.ts';
import { bundleFunctions } from './signalling/bundle.ts';
import { SignallingStack } from './signalling/signalling-stack.ts';

// The CDK CLI runs this file and says itself, through the environment, where the assembly goes.
const app = createApp();
const settings = settingsOf(app.node.getAllContext());
await bundleFunctions();
new SignallingStack(app, signallingStackName, { ...stackPropsOf(settings), settings, functionsFolder });
app.synth();
