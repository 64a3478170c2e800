/** The deployment guide's own tables, as its migrations make them, in a database of their own. */
import { createTestDatabase, type TestDatabase } from './database.ts';

export async function createGuideDatabase(): Promise<TestDatabase> {
  const db = await createTestDatabase('template0');
  await db.owner.unsafe(`
    CREATE TABLE IF NOT EXISTS user_email_addresses (
        id SERIAL PRIMARY KEY,
        user_id UUID NOT NULL,
        email_address VARCHAR(255) NOT NULL,
        is_verified BOOLEAN DEFAULT FALSE,
        verified_at TIMESTAMP DEFAULT NULL,
        purpose VARCHAR(50) DEFAULT 'verification',
        verification_method VARCHAR(50) DEFAULT 'otp',
        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        UNIQUE(user_id, email_address, purpose)
    );
    CREATE TABLE IF NOT EXISTS email_otp_verifications (
        id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id UUID NOT NULL,
        email VARCHAR(255) NOT NULL,
        otp VARCHAR(10) NOT NULL,
        purpose VARCHAR(50) DEFAULT 'verification',
        verified BOOLEAN DEFAULT FALSE,
        verified_at TIMESTAMP DEFAULT NULL,
        expires_at TIMESTAMP NOT NULL,
        attempts INTEGER DEFAULT 0,
        max_attempts INTEGER DEFAULT 3,
        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
    );
  `);
  return db;
}
