/** `sealpost ses setup`: prints the AWS CLI calls that let SES tell Sealpost what became of its mails; it calls nothing. */
import { type Command, InvalidArgumentError } from 'commander';
import { mailSettings } from '../config/mail.ts';
import { domainOf } from '../mail/ses-account.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';

type Given = Readonly<{ url: string; topic: string; identity?: string; configurationSet?: string }>;
type Facts = Readonly<{ url: string; topic: string; identity: string; region: string; configurationSet?: string }>;

const ENDPOINT = '/api/ses/notifications';

export function addSesSetup(program: Command, environment: Environment): void {
  program
    .command('ses')
    .description('Amazon SES')
    .command('setup')
    .description('print the AWS CLI calls for feedback by SNS, as a shell script; nothing is called')
    .requiredOption('--url <url>', 'the public https address of the api', httpsUrl)
    .option('--topic <name>', 'name of the SNS topic', plainName, 'sealpost-feedback')
    .option('--identity <identity>', 'the verified domain or address; default: the domain of SES_FROM_EMAIL', identity)
    .option('--configuration-set <name>', 'publish the events of this configuration set instead', plainName)
    .action((given: Given) => {
      const { AWS_REGION } = readSettings({ AWS_REGION: mailSettings.AWS_REGION }, environment);
      console.log(setupScript({ ...given, region: AWS_REGION, identity: given.identity ?? ownDomain(environment) }));
    });
}

/** A shell script for an administrator of the account; every value in it is one that a shell reads as it stands. */
function setupScript({ url, topic, identity: sender, region, configurationSet }: Facts): string {
  return `#!/bin/sh
# Amazon SES tells Sealpost what became of its mails. To be run once by an administrator of the account:
# the user that Sealpost has itself may call none of this, and need not.
set -eu
export AWS_REGION=${region}
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
TOPIC=$(aws sns create-topic --name ${topic} --query TopicArn --output text)

# Signed with SHA-256, and published to by the SES of this account alone.
aws sns set-topic-attributes --topic-arn "$TOPIC" --attribute-name SignatureVersion --attribute-value 2
aws sns set-topic-attributes --topic-arn "$TOPIC" --attribute-name Policy --attribute-value "$(cat <<POLICY
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ses.amazonaws.com"},
"Action":"sns:Publish","Resource":"$TOPIC","Condition":{"StringEquals":{"AWS:SourceAccount":"$ACCOUNT"}}}]}
POLICY
)"

${configurationSet ? byConfigurationSet(configurationSet, sender, topic) : byIdentity(sender)}

cat <<NEXT
1. Set SES_TOPIC_ARNS=$TOPIC and restart the api.
2. aws sns subscribe --topic-arn $TOPIC --protocol https --notification-endpoint ${url}${ENDPOINT}
3. The api logs the SubscribeURL and never opens it: open it yourself, which confirms the subscription.
NEXT`;
}

const byIdentity = (
  sender: string,
): string => `# Deliveries, bounces and complaints of the sender go to the topic, and no longer to its mailbox.
for TYPE in Bounce Complaint Delivery; do
  aws ses set-identity-notification-topic --identity ${sender} --notification-type "$TYPE" --sns-topic "$TOPIC"
done
aws ses set-identity-feedback-forwarding-enabled --identity ${sender} --no-forwarding-enabled`;

const byConfigurationSet = (name: string, sender: string, destination: string): string =>
  `# The events of the configuration set go to the topic; it is the sender's default, so that no mail need name it.
aws ses create-configuration-set --configuration-set Name=${name}
aws ses create-configuration-set-event-destination --configuration-set-name ${name} --event-destination "$(cat <<DESTINATION
{"Name":"${destination}","Enabled":true,"MatchingEventTypes":["bounce","complaint","delivery","reject"],
"SNSDestination":{"TopicARN":"$TOPIC"}}
DESTINATION
)"
aws sesv2 put-email-identity-configuration-set-attributes --email-identity ${sender} --configuration-set-name ${name}`;

function ownDomain(environment: Environment): string {
  return domainOf(readSettings({ SES_FROM_EMAIL: mailSettings.SES_FROM_EMAIL }, environment).SES_FROM_EMAIL);
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new InvalidArgumentError('Must be a URL such as https://api.example.com, which SNS can reach.');
  }
  return url.origin;
}

function plainName(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text)) throw new InvalidArgumentError('Must be 1 to 64 letters, digits, _ or -.');
  return text;
}

function identity(text: string): string {
  if (!/^(?:[A-Za-z0-9._+-]+@)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text)) {
    throw new InvalidArgumentError('Must be a domain or an email address.');
  }
  return text;
}
