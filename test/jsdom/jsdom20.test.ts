/**
 * Oracle: a linear model, whose gradient is its weights; in jsdom 20, as Jest 29 has it.
 *
 * @jest-environment ./test/jsdom/jsdom20.js
 */
import { testInJsdom } from './behaviour.js';

testInJsdom('20');
