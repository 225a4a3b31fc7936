# A mirror of the data: a private bucket, read by everyone through CloudFront, written by one policy.
# Cost: storage is 0.023 USD a GB and month (700 MB: 2 cents); the first TB a month out of CloudFront is free, then 0.085 USD a GB.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "bucket" {
  description = "The bucket's name, which nobody else in the world has."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "A bucket's name has 3 to 63 small letters, digits and hyphens."
  }
}

variable "region" {
  description = "Where the bucket lies; CloudFront serves it everywhere."
  type        = string
  default     = "eu-central-1"
}

variable "prefix" {
  description = "The folder in the bucket: the PREFIX of make mirror TO=s3://BUCKET/PREFIX."
  type        = string
  default     = "futures"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+$", var.prefix))
    error_message = "A prefix is one folder's name: letters, digits, _ and -."
  }
}

resource "aws_s3_bucket" "mirror" {
  bucket = var.bucket
}

resource "aws_s3_bucket_public_access_block" "mirror" {
  bucket                  = aws_s3_bucket.mirror.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "mirror" {
  bucket = aws_s3_bucket.mirror.id
  rule {
    # With a key of one's own an ETag would be no MD5, by which the mirror knows what is there.
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_cloudfront_origin_access_control" "mirror" {
  name                              = var.bucket
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# As long as the files themselves say: a year, and five minutes for the list of snapshots.
resource "aws_cloudfront_cache_policy" "mirror" {
  name        = var.bucket
  min_ttl     = 0
  default_ttl = 300
  max_ttl     = 31536000
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = false
    enable_accept_encoding_gzip   = false
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

# Pages of any site may read it, in ranges.
resource "aws_cloudfront_response_headers_policy" "mirror" {
  name = var.bucket
  cors_config {
    access_control_allow_credentials = false
    access_control_max_age_sec       = 86400
    origin_override                  = true
    access_control_allow_headers {
      items = ["Range", "If-None-Match", "If-Modified-Since"]
    }
    access_control_allow_methods {
      items = ["GET", "HEAD", "OPTIONS"]
    }
    access_control_allow_origins {
      items = ["*"]
    }
    access_control_expose_headers {
      items = ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"]
    }
  }
  security_headers_config {
    content_type_options {
      override = true
    }
  }
}

resource "aws_cloudfront_distribution" "mirror" {
  enabled         = true
  comment         = "Mirror of the data in ${var.bucket}/${var.prefix}"
  http_version    = "http2and3"
  is_ipv6_enabled = true
  price_class     = "PriceClass_100"

  origin {
    origin_id                = "bucket"
    domain_name              = aws_s3_bucket.mirror.bucket_regional_domain_name
    origin_path              = "/${var.prefix}"
    origin_access_control_id = aws_cloudfront_origin_access_control.mirror.id
  }

  default_cache_behavior {
    target_origin_id           = "bucket"
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    viewer_protocol_policy     = "redirect-to-https"
    cache_policy_id            = aws_cloudfront_cache_policy.mirror.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.mirror.id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

# Only this distribution reads the bucket, and only the mirror's folder.
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.mirror.arn}/${var.prefix}/*"]
    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.mirror.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "mirror" {
  bucket = aws_s3_bucket.mirror.id
  policy = data.aws_iam_policy_document.read.json
}

# What whoever runs make mirror may do; nothing can be removed with it.
data "aws_iam_policy_document" "write" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.mirror.arn]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${var.prefix}/*"]
    }
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.mirror.arn}/${var.prefix}/data/*"]
  }
}

resource "aws_iam_policy" "write" {
  name   = "${var.bucket}-mirror"
  policy = data.aws_iam_policy_document.write.json
}

output "site" {
  description = "For bf.connect(site=…)."
  value       = "https://${aws_cloudfront_distribution.mirror.domain_name}/"
}

output "mirror_to" {
  description = "For make mirror TO=…"
  value       = "s3://${aws_s3_bucket.mirror.id}/${var.prefix}"
}

output "writer_policy" {
  description = "Attach it to the user or role whose credentials make mirror has."
  value       = aws_iam_policy.write.arn
}
