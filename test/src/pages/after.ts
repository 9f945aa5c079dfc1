import { byTestId, type Story } from './sight.ts';

/** What somebody sees when a call is over. */
export const after: Story = {
  name: 'after',
  sights: ['left', 'removed', 'ended'],
  async *play(theatre) {
    const room = theatre.newRoom('goodbye');
    await theatre.bring({ name: 'Cleo', room });
    for (const name of ['left', 'removed', 'ended']) {
      const page = await theatre.call(room);
      await page.waitForSelector(byTestId('call'));
      if (name === 'left') await page.click(byTestId('leave'));
      else if (name === 'removed') await theatre.tell('remove', 'Cleo', 'Ada', 'This was another team’s meeting');
      else await theatre.tell('end', 'Cleo', 'Thank you all');
      await page.waitForSelector(byTestId('after-call'));
      yield { name, page };
    }
  },
};
