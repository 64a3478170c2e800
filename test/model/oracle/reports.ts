/** What the mail service says of mails, and what follows. */
import { DAY, type Delivery, type Mailing, record, type World } from './facts.ts';
import { suppress } from './people.ts';

export type Report = { mail: string; kind: 'delivered' | 'soft' | 'hard' | 'complained'; id: string };

/** What SES says of a mail; the same report again says nothing new. */
export function report(world: World, { mail, kind, id }: Report): void {
  for (const address of world.addresses.values()) {
    for (const code of address.codes) {
      const index = code.mailings.findIndex((one) => one.mail === mail);
      const mailing = code.mailings[index];
      if (!mailing || mailing.reports.has(id)) continue;
      mailing.reports.add(id);
      const which = { otpId: code.id, mailing: index + 1, feedbackId: id };
      if (kind === 'delivered') {
        record(world, address, 'delivered', which);
        moveOn(mailing, 'delivered');
      } else if (kind === 'complained') {
        record(world, address, 'complained', { ...which, complaint: 'abuse' });
        moveOn(mailing, 'complained');
        suppress(world, address.name, null, 'complaint');
      } else {
        const at = record(world, address, 'bounced', { ...which, permanent: kind === 'hard', subType: 'General' });
        moveOn(mailing, 'bounced');
        if (kind === 'soft') address.softBounces.push(at);
        const many = address.softBounces.filter((one) => one === at || world.now - one < 7 * DAY).length >= 3;
        if (kind === 'hard' || many) suppress(world, address.name, null, 'bounce');
      }
    }
  }
}

/** Reports may come in any order: a later stage is never taken back. */
function moveOn(mailing: Mailing, delivery: Delivery): void {
  const stages: Delivery[] = ['queued', 'failed', 'sent', 'delivered', 'bounced', 'complained'];
  if (stages.indexOf(delivery) > stages.indexOf(mailing.delivery)) mailing.delivery = delivery;
}
