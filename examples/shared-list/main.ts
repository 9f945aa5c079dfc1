import { Hyperroom, Syncher } from '@hyperroom/client/syncher';

interface List {
  title: string;
  items: string[];
}

const { HYPERROOM_URL = '' } = process.env;
const hyperroom = new Hyperroom({ url: HYPERROOM_URL });

// Ada's list, which she alone changes. Anybody may look at it, and suggest something.
await using ada = await hyperroom.connect();
const list = await new Syncher(ada).create<List>(
  'example:list',
  [],
  { title: 'Breakfast', items: ['bread'] },
  { authorise: () => true },
);
list.on('child', ({ value }) => list.insert(`items.${list.data.items.length}`, value));

// Ben, elsewhere: all that he has to know is its address.
await using ben = await hyperroom.connect();
const copy = await new Syncher(ben).subscribe<List>(list.url);
const changes = copy.events('updated');
await copy.addChild('coffee');
list.insert('items.1', 'butter', 'jam');

for await (const [{ version, data }] of changes) {
  console.log(`${data.title}, version ${version}: ${data.items.join(', ')}`);
  if (data.items.length === 4) break;
}
