import JSDOMEnvironment from '@jest/environment-jsdom-abstract';
import * as jsdom from 'jsdom-26';

/** Jest's environment for pages, by jsdom 26. */
export default class extends JSDOMEnvironment {
  constructor(config, context) {
    super(config, context, jsdom);
  }
}
