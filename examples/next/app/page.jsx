import { Explanation } from './Explanation';

/** Rendered on the server; what computes is rendered in the browser. */
export default function Page() {
  return (
    <main>
      <h1>Which half?</h1>
      <Explanation photo="/photo.png" model="/model/model.json" labels={['left', 'right']} />
    </main>
  );
}
