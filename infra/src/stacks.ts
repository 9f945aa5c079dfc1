import { type App, Stack } from 'aws-cdk-lib';
import { stackPropsOf } from './cdk-app.ts';
import { mediaStackName, operationsStackName, signallingStackName, webStackName } from './layout.ts';
import { MediaStack } from './media/media-stack.ts';
import { addDashboard } from './operations/index.ts';
import type { Settings } from './settings.ts';
import { SignallingStack } from './signalling/signalling-stack.ts';
import { WebStack } from './web/web-stack.ts';

/** Where that is which was built before. */
export interface BuiltFolders {
  readonly functionsFolder: string;
  readonly hostFolder: string;
  readonly demoFolder: string;
}

/** Every stack that the settings ask for. */
export function addStacks(app: App, settings: Settings, { functionsFolder, hostFolder, demoFolder }: BuiltFolders) {
  const props = { ...stackPropsOf(settings), settings };
  const signalling = new SignallingStack(app, signallingStackName, { ...props, functionsFolder });
  if (!settings.emulated) addOperations(app, settings, signalling);
  if (settings.media) new MediaStack(app, mediaStackName, { ...props, signalling, hostFolder });
  if (settings.web) new WebStack(app, webStackName, { ...props, signalling, demoFolder });
}

/** Not in the signalling stack: emulators of AWS that run that one know no dashboards. */
function addOperations(app: App, settings: Settings, { functions, table, api, stage, httpApi }: SignallingStack): void {
  const stack = new Stack(app, operationsStackName, { description: 'Hyperroom dashboard', ...stackPropsOf(settings) });
  addDashboard(stack, { settings, functions, table, webSocketApi: api, stageName: stage.stageName, httpApi });
}
