/** Plays a history on the real thing and on the model, and compares all there is to see after every step. */
import { differenceIn } from './difference.ts';
import { guess, list, send } from './clients.ts';
import { admin, type History, V } from './history.ts';
import { compareLog, compareMails, compareTables } from './look.ts';
import { expire, forgetKeys } from './oracle/guessing.ts';
import * as people from './oracle/people.ts';
import { bringOver, look, report } from './others.ts';
import type { Step } from './steps.ts';

export async function run(history: History, steps: readonly Step[]): Promise<void> {
  // What the histories before left open ends before this one begins.
  await history.real.db.freezeClock(history.world.now - 3_600_000);
  await history.real.expire();
  await history.real.db.freezeClock(history.world.now);
  await fetch(`${history.real.ses.url}/messages`, { method: 'DELETE' });
  for (const [index, step] of steps.entries()) {
    history.world.step++;
    try {
      await play(history, step);
      await compare(history, step);
    } catch (error) {
      throw new Error(`step ${index + 1}, ${JSON.stringify(step)}: ${differenceIn(error)}`, { cause: error });
    }
  }
  for (const address of [...history.world.addresses.values(), ...history.world.ghosts])
    for (const { type } of address.facts) history.reached.types.add(type);
}

async function compare(history: History, step: Step): Promise<void> {
  if (step.do === 'send' || step.do === 'press')
    history.digits = await compareMails(history.real, history.world, history.names);
  await compareLog(history.real, history.world, history.names, history.start);
  await compareTables(history.real, history.world, history.names, history.tag, history.digests, (name) =>
    history.digits.get(name),
  );
}

async function play(history: History, step: Step): Promise<void> {
  const { world, real } = history;
  switch (step.do) {
    case 'wait':
      return history.wait(step.seconds);
    case 'wait as told':
      return history.wait(Math.max(1, history.told + step.more));
    case 'send':
      return send(history, step);
    case 'guess':
      return guess(history, step);
    case 'burn':
      for (let n = 0; n < 3; n++) {
        await guess(history, {
          ...step,
          do: 'guess',
          spelling: 0,
          purpose: null,
          which: 'newest',
          n: 0,
          digits: 'wrong',
          form: 'plain',
        });
      }
      return;
    case 'press':
      for (let n = 0; n < step.times; n++) {
        await send(history, {
          ...step,
          do: 'send',
          spelling: 0,
          purpose: null,
          way: 'send',
          key: 0,
          locale: null,
          rejected: false,
        });
        await history.wait(history.told);
      }
      return;
    case 'status':
      return history.same(
        await history.get(step.user, `${V}/status/${encodeURIComponent(history.spell(step.to, 1))}`),
        people.status(world, history.name(step.to), history.who(step.user)),
      );
    case 'list':
      return list(history, step.user, step.all);
    case 'toggle': {
      const links = [...world.addresses.values(), ...world.ghosts].flatMap((address) => address.links);
      const id = links[step.n % Math.max(1, links.length)]?.id ?? '<link 0>';
      const emailId = history.names.real(id) ?? 2_000_000_000;
      const body = { emailId: step.n % 2 ? emailId : String(emailId), verified: step.verified };
      return history.same(
        await history.administer('toggle-verification', body),
        people.toggle(world, id, admin, step.verified),
      );
    }
    case 'manual': {
      const user = history.who(step.user);
      const body = {
        userId: step.to === 1 ? user.toUpperCase() : user,
        email: history.spell(step.to, 1),
        purpose: step.purpose,
      };
      const said = { by: admin, user, purpose: step.purpose ?? 'verification', verified: true };
      return history.same(
        await history.administer('manual-verify', body),
        people.assert(world, history.name(step.to), said),
      );
    }
    case 'unlock':
    case 'suppress':
    case 'lift':
    case 'erase': {
      const path = { unlock: 'unlock', suppress: 'suppressions', lift: 'suppressions/lift', erase: 'erase' }[step.do];
      const answer = await history.administer(path, { email: history.spell(step.to, step.spelling) });
      const email = history.name(step.to);
      if (step.do === 'suppress') return history.same(answer, people.suppress(world, email, admin, 'admin'));
      return history.same(answer, people[step.do](world, email, admin));
    }
    case 'report':
      return report(history, step);
    case 'expire':
      await real.expire();
      return expire(world);
    case 'forget keys':
      await real.forgetKeys();
      return forgetKeys(world);
    case 'look':
      return look(history);
    case 'import link':
    case 'import code':
      return bringOver(history, step);
  }
}
