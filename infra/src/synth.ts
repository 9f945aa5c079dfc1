import { parseArgs } from 'node:util';
import { repositoryRoot } from './layout.ts';
import { synthSignalling } from './synthesise.ts';

const help = `npm run synth -- [--domain <domain>] [--anonymous] [--outdir <folder>]

Bundles the functions and synthesises the signalling stack, without AWS credentials or network.
  --domain    the reTHINK domain (default: localhost)
  --anonymous admit clients without a token
  --outdir    where the cloud assembly goes (default: cdk.out)
`;

const { values } = parseArgs({
  options: {
    domain: { type: 'string', default: 'localhost' },
    anonymous: { type: 'boolean', default: false },
    outdir: { type: 'string', default: `${repositoryRoot}cdk.out` },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(help);
} else {
  const { outdir } = await synthSignalling({
    domain: values.domain,
    allowAnonymous: values.anonymous,
    outdir: values.outdir,
  });
  process.stdout.write(`${outdir}\n`);
}
