import { startStack } from '@hyperroom/local';
import { Recorder, serveOperator } from '@hyperroom/local/operator';
import { launchChromium } from '../chromium/launch.ts';
import { Theatre } from './theatre.ts';

export interface OpenTheatre {
  readonly theatre: Theatre;
  /** What passed in the stack. */
  readonly recorder: Recorder;
  close(): Promise<void>;
}

export interface TheatreOptions {
  readonly onProgress?: (step: string) => void;
  readonly log?: (line: string) => void;
}

/** A stack with its operator's page, and a browser. */
export async function openTheatre(options: TheatreOptions = {}): Promise<OpenTheatre> {
  const recorder = new Recorder();
  const stack = await startStack({ ...options, witness: recorder.witness });
  try {
    const operator = await serveOperator({ stack, recorder, port: 0 });
    try {
      const browser = await launchChromium(options);
      const close = async () => {
        await browser.close();
        await operator.close();
        await stack.close();
      };
      return { theatre: new Theatre(browser, stack, operator.url), recorder, close };
    } catch (error) {
      await operator.close();
      throw error;
    }
  } catch (error) {
    await stack.close();
    throw error;
  }
}
