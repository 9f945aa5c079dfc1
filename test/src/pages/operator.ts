import type { Story } from './sight.ts';

/** What somebody sees who runs all of it on a machine of one's own. */
export const operator: Story = {
  name: 'operator',
  sights: ['nobody', 'room', 'said'],
  async *play(theatre) {
    const page = await theatre.visitOperator();
    await page.getByText('Nobody is in a room').waitFor();
    yield { name: 'nobody', page };
    const room = theatre.newRoom('standup');
    await theatre.bring({ name: 'Ada', room }, { name: 'Ben', room }, { name: 'Cleo', room });
    await page.getByRole('rowheader', { name: 'Cleo' }).waitFor();
    await page.getByTestId('request').filter({ hasText: 'Cleo joins' }).filter({ hasText: room }).click();
    const write = page.getByRole('button', { name: /UpdateItem room · condition held/ }).first();
    await write.waitFor();
    yield { name: 'room', page };
    await write.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').waitFor();
    yield { name: 'said', page };
  },
};
