#!/bin/bash

API_BASE="https://api.example.com"
ADMIN_EMAIL="admin@example.com"
TEST_EMAIL="test@example.com"

echo "üß™ Testing API deployment..."

# Test health endpoint
echo "Testing health endpoint..."
if curl -s "$API_BASE/health" | grep -q "OK"; then
    echo "‚úÖ Health check passed"
else
    echo "‚ùå Health check failed"
    exit 1
fi

# Test database connection
echo "Testing database connection..."
if curl -s "$API_BASE/api/admin/email-management/stats" -H "Authorization: Bearer $ADMIN_TOKEN" | grep -q "total_emails"; then
    echo "‚úÖ Database connection working"
else
    echo "‚ùå Database connection failed"
    exit 1
fi

# Test AWS SES
echo "Testing AWS SES integration..."
if curl -s -X POST "$API_BASE/api/email-verification/send-otp" \
    -H "Content-Type: application/json" \
    -H "Authorization: Bearer $TEST_TOKEN" \
    -d "{\"email\":\"$TEST_EMAIL\"}" | grep -q "success"; then
    echo "‚úÖ AWS SES integration working"
else
    echo "‚ùå AWS SES integration failed"
    exit 1
fi

echo "üéâ All tests passed!"
