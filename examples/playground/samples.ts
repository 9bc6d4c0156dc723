/** The photos that come with the page. */
export interface Sample {
  readonly id: string;
  readonly file: string;
  readonly description: string;
}

export const SAMPLES: readonly Sample[] = [
  {
    id: 'spoon',
    file: 'photos/spoon.jpg',
    description: 'A sculpture in a pond: a spoon with a cherry',
  },
  {
    id: 'food',
    file: 'photos/food.jpg',
    description: 'A plate with a bowl of sauce, bread and vegetables',
  },
  {
    id: 'phones',
    file: 'photos/phones.jpg',
    description: 'Two phones and a tablet with a word game, in red light',
  },
];
