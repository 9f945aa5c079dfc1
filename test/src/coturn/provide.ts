import { type Program, provideProgram } from '../debian/provide-program.ts';

/** The system's coturn, or Debian's. */
export function provideCoturn(onProgress: (step: string) => void): Promise<Program> {
  return provideProgram({ program: 'turnserver', from: 'coturn' }, onProgress);
}
